"""The demo accounts: who lives in them (school_lab, bakery), how they are made (telling), how to sign in (cards)."""
