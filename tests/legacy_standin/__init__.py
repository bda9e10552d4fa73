"""A stand-in for the scripts that a GPUaaS-shaped repository had before, for the tests of the cut-over."""
