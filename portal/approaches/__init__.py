"""Approaching companies for somebody: whom to call first, what was answered, and the press that makes an interest."""
