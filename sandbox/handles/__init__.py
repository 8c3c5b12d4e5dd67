"""What people do, noun by noun: `sandbox.groups.creates(…)`, `sandbox.pool.fill(…)` and so on."""
