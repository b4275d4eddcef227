"""What people are told: alarms, notices, messages to them, the digest."""
