password = "made-up-password-1"
