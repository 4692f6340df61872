"""The draft as a Word document (Office Open XML, ECMA-376)."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from docx import Document

from models.schema import Draft, Transcript
from service.export.outline import Minutes, Outline, Point, Table


def to_docx(draft: Draft, transcript: Transcript, previous: Mapping[str, str] | None = None) -> bytes:
    """The minutes as a .docx file."""
    return docx_of(Minutes(draft, transcript, previous).outline())


def docx_of(outline: Outline) -> bytes:
    """A document as a .docx file; the outline's clean text holds nothing that XML 1.0 forbids."""
    file = Document()
    file.core_properties.title = outline.title
    file.core_properties.author = "Rapport"
    file.core_properties.comments = outline.notice
    file.add_heading(outline.title, level=0)
    file.add_paragraph().add_run(outline.notice).bold = True
    for name, value in outline.facts:
        paragraph = file.add_paragraph()
        paragraph.add_run(f"{name}{outline.colon}").bold = True
        paragraph.add_run(value)
    for section in outline.sections:
        file.add_heading(section.title, level=1)
        for part in section.parts:
            _add(file, part)
    buffer = BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def _add(file: Any, part: str | Point | Table) -> None:  # noqa: ANN401 - python-docx has no types
    if isinstance(part, Table):
        table = file.add_table(rows=1, cols=len(part.header), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, part.header, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for row in part.rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    elif isinstance(part, Point):
        file.add_paragraph(part.text, style="List Bullet")
        for quote in part.quotes:
            file.add_paragraph(quote, style="List Bullet 2")
    else:
        file.add_paragraph(part)
