"""The sandbox network: a social network in small, for trying things out without an account anywhere.

It is as far from the desk as any network: the desk reaches it over HTTP only, through `networks/sandbox.py`.
"""
