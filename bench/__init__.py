"""Repeatable benchmarks: each reports ratios to a limit measured in the same run. docs/performance.md says how."""
