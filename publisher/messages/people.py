"""The sentences about people: who may do what, and how they come in."""

PEOPLE: dict[str, str] = {
    # --- who may do what ----------------------------------------------------------------------
    "access.not_allowed": "You may not do this. Ask an administrator of this desk.",
    "access.needs_factor": "This desk asks for a second factor before you may do this. Add one under “Your sign-in”.",
    "access.wrong_password": "The e-mail address or the password is wrong.",
    "access.throttled": "Too many failed tries. Wait %(minutes)s minutes, then try again.",
    "access.link_dead": "This link has been used or is too old. Ask for a new one.",
    "access.email_wrong": "%(email)s is no e-mail address.",
    "access.email_taken": "Somebody with the address %(email)s is already here.",
    "access.name_missing": "Say your name, so that colleagues see who did what.",
    "access.password": "This password will not do: %(why)s",
    "access.unknown_role": "There is no role %(role)s. We have: %(known)s.",
    "access.forget_yourself": "You cannot have yourself forgotten. Ask another administrator.",
    "access.last_administrator": "This is the last administrator. Make somebody else one first.",
    "access.no_grant": "%(person)s has no role of their own on %(channel)s. Look at the team.",
    "access.unknown_number": "There is nobody with the number %(id)s. Look at the team.",
    "access.unknown_person": "There is nobody with the address %(email)s.",
    # --- second factors (newsroom/signin) -----------------------------------------------------
    "factor.wrong_code": "This code is wrong, or has been used. Wait for the next one that the app shows.",
    "factor.wrong_first_code": "This is not the code that the app should show now. Look whether the device's clock is right.",
    "factor.wrong_passkey": "This passkey is not known here. Sign in another way.",
    "factor.passkey_not_made": "The device made no passkey that asks for finger, face or PIN. Try again, or add an app for codes.",
    "factor.one_app": "There is an app for codes already. Take it away first.",
    "factor.none": "There is no second factor yet, so recovery codes would open nothing. Add one first.",
    "factor.none_there": "%(person)s has no second factor.",
    "factor.unknown": "There is no second factor %(id)s of yours.",
    "factor.last": "This desk asks you for a second factor. Add another one before you take this one away.",
    # --- the institution's own identities (newsroom/signin/openid.py) -------------------------
    "openid.failed": "The sign-in there did not come to a good end. Try again; if it stays so, tell an administrator of this desk.",
    "openid.begun_elsewhere": "This sign-in was not begun in this browser, or more than ten minutes ago. Begin it again here.",
    "openid.refused_there": "The sign-in there was refused. Try again, or ask those who run your institution's accounts.",
    "openid.cancelled": "You broke the sign-in off. Begin it again when you like.",
    "openid.no_role": "Your account gives you no role at this desk. Ask those who run your institution's accounts.",
    "openid.no_address": "Your account tells no confirmed e-mail address, so this desk cannot know who you are. Ask an administrator of this desk.",
    "openid.not_joined": "%(person)s is joined to no account of the institution.",
    "openid.uninvited": "Nobody with your account may come in here. Ask an administrator of this desk to invite you.",
}
