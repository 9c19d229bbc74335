"""`python -m pipeline.cli`: the same as `rasd`, for whoever starts it from Python."""

from pipeline.cli import main

main()
