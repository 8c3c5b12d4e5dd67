"""REMEMBERS. Tables stay inside, plain values go out; every function takes the connection it works on."""
