"""Measuring, fitting and linking text: pure."""
