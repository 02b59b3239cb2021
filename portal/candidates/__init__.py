"""People on their way back to work. Other rooms enter by three doors only: `handles`, `profiles` and `identities`."""
