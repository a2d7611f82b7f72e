"""Tables as workbooks that people open in a spreadsheet, sort, print and hand on."""

from geodata.sheets.workbook import Column, Sheet, SheetTooLong, write_workbook

__all__ = ["Column", "Sheet", "SheetTooLong", "write_workbook"]
