"""Who comes in: the steps of signing in, second factors, the institution's own identities (docs/sign-in.md)."""
