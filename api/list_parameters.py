"""The parameters of the lists: those of every list, and those made of the fields of a kind."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, create_model

from api.kinds import get_kind
from api.list_examples import EXAMPLES
from api.list_fields import Field as ListField
from api.list_fields import FieldType
from api.list_kinds import fields_of, has_date, has_tree
from api.parameters import ID, LONGEST_NAME, NOT_BLANK, ListFilter

__all__ = ["MOST_VALUES", "example_of", "filter_of"]

MOST_VALUES = 50
_LARGEST = 1e15
_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NOT_BLANK)]],
    BeforeValidator(_as_list),
    Field(max_length=MOST_VALUES),
]
_Number = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST, allow_inf_nan=False)]
_Day = Annotated[str, Field(max_length=10, pattern=_DATE)]
_Words = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NOT_BLANK)]


@cache
def filter_of(kind: str) -> type[ListFilter]:
    """Return the model of the parameters of the list of a kind.

    >>> sorted(set(filter_of("lines").model_fields) - set(ListFilter.model_fields))
    ['definition', 'label', 'synonyms', 'type']
    """
    parameters: dict[str, Any] = {}
    for field in fields_of(kind):
        parameters |= _parameters(field, example_of(kind, field))
    if has_tree(kind):
        parameters["direct"] = _direct()
    if has_date(kind):
        parameters["asOf"] = _as_of("", "2017")
        parameters["as_of"] = _as_of("Another name of asOf. ", "2017-03")
    name = "".join(word.capitalize() for word in get_kind(kind).path.split("-")) + "Filter"
    made: type[ListFilter] = create_model(
        name, __base__=ListFilter, __doc__=f"Which {kind}.", **parameters
    )
    return made


def example_of(kind: str, field: ListField) -> str:
    """Return what to ask of a field of a kind as an example.

    >>> example_of("funding", next(each for each in fields_of("funding") if each.name == "drug"))
    'eribulin'
    """
    if field.name == "type":
        return get_kind(kind).class_name
    return EXAMPLES.get(kind, {}).get(field.name, field.example)


def _direct() -> Any:
    says = "true: leave out what is about something narrower than what is asked for."
    return (bool, Field(False, description=says, examples=[True]))


def _as_of(before: str, example: str) -> Any:
    says = (
        f"{before}A year, month or day: only what stands in documents issued by its end; "
        "documents without a date are left out."
    )
    return (_Day | None, Field(None, description=says, examples=[example]))


def _parameters(field: ListField, example: str) -> dict[str, Any]:
    match field.type:
        case FieldType.THING:
            says = f"{field.says} {_how(field)}"
            return {field.name: (_Names, Field([], description=says, examples=[[example]]))}
        case FieldType.FLAG:
            value: Any = example == "true"
            return {field.name: _optional(bool, field.says, value)}
        case FieldType.TEXT:
            says = f"{field.says} In any case of letters; a part of the text will do."
            return {field.name: _optional(_Words, says, example)}
    kind: Any = _Number if field.type is FieldType.NUMBER else _Day
    value = float(example) if field.type is FieldType.NUMBER else example
    least, most = field.parameters
    end = "what has no value is left out."
    return {
        least: _optional(kind, f"{field.says} At least this; {end}", value),
        most: _optional(kind, f"{field.says} At most this; {end}", value),
    }


def _how(field: ListField) -> str:
    named = f"{ID[0].upper()}{ID[1:]}" if field.kinds else "By label or id"
    listed = "; repeatable, or with commas, for any of several"
    where = f"; see /api/v1/{field.kinds[0]}" if field.kinds else ""
    return f"{named}{listed}{where}."


def _optional(type_: Any, says: str, example: object) -> Any:
    return (type_ | None, Field(None, description=says, examples=[example]))
