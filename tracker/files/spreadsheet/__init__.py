"""Files on their way in: CSV and XLSX as rows of text, in bounded memory whatever the file is made of."""
