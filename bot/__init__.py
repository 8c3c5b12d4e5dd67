"""The machinery: could run any WeCom bot. Imports nothing from handlers/, sandbox/ or demo/."""
