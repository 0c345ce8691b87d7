"""Attendance: who was at which talk."""
