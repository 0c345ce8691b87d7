"""Reading CSV and XLSX as rows of text, in bounded memory."""
