"""Journal entries about the health of fish: visits, suspicions, laboratory results, recovery."""

from __future__ import annotations

from farm.simulation.care import words
from farm.simulation.care.facts import Facts
from farm.simulation.care.words import Chooser

#: Weekly deaths, in per mille, from which people call mortality normal, raised and high: at
#: sea, and on land, where more of the small fish die.
_AT_SEA, _ON_LAND = (0.5, 3.0, 10.0), (3.0, 15.0, 30.0)

#: Appetite in per cent of what fish should eat from which it is good, and a little down.
_GOOD, _FAIR = 88.0, 70.0

#: Mean gill scores from which people see something, and from which they worry.
_SEEN, _WORRYING = 0.4, 1.5

#: Shares of positive fish that people call most of them, and some.
_MOST, _SOME = 0.5, 0.1

#: Adult females per fish below which people say that there are none.
_NO_LICE = 0.01

#: Mean Speilberg score, and share of wounded fish in per cent, from which they are mentioned.
_ADHESIONS, _WOUNDS = 0.3, 0.5


def visit(facts: Facts, say: Chooser) -> str:
    """Write what a veterinarian saw on a routine visit."""
    at_sea = facts["place"] == "site"
    unit = "pen" if at_sea else "tank"
    held = words.count(int(facts["containers"]), unit)
    number = words.fish(int(facts["fish"]))
    celsius = words.degrees(float(facts["temperature_c"]))
    parts = [
        say.pick(
            f"Routine visit. {words.sentence(held)}, {number}. Water {celsius}.",
            f"Routine health visit, {held} with {number}, water {celsius}.",
            f"On site for the routine inspection: {held}, {number}, {celsius}.",
            f"Walked through all fish groups ({held}, {number}); water {celsius}.",
        ),
        _mortality(facts, unit, say),
    ]
    parts += [_appetite(float(facts["appetite"]), say)] if float(facts["appetite"]) >= 0 else []
    if at_sea:
        parts += _seen_at_sea(facts, say)
    parts += _opened(float(facts["score"]), say)
    confirmed, suspected = str(facts["confirmed"]), str(facts["suspected"])
    if confirmed:
        parts.append(
            say.pick(
                f"{words.sentence(confirmed)} confirmed and still going on.",
                f"Still clinical signs of {confirmed}.",
                f"The outbreak of {confirmed} is not over.",
            )
        )
    if suspected:
        parts.append(
            say.pick(
                f"Signs that look like {suspected}.",
                f"Suspicion of {suspected} not settled yet.",
                f"Still suspect {suspected}.",
            )
        )
    if _is_calm(facts):
        parts.append(say.pick("No remarks.", "No action needed.", "All in order.", ""))
    return " ".join(part for part in parts if part)


def suspicion(facts: Facts, say: Chooser) -> str:
    """Write that people noticed signs of a disease."""
    disease = words.lower(str(facts["disease"]))
    where, seen = _where(facts), _picture(facts)
    rate = words.per_mille(float(facts["per_mille"]))
    return say.pick(
        f"Signs of {disease} in {where}{seen}. Mortality {rate} last week. Samples taken.",
        f"Suspect {disease}: fish in {where} show it{seen}, {rate} dead in the last seven days."
        " Sampled for the laboratory.",
        f"Called out. Picture fits {disease} in {where}{seen}; losses {rate} in a week."
        " Samples are on their way.",
        f"{words.sentence(disease)} suspected in {where}{seen}. Weekly mortality {rate}."
        " Waiting for the laboratory.",
    )


def _picture(facts: Facts) -> str:
    """Return in brackets what else was noted of the worst container."""
    seen = []
    if float(facts.get("gill_score", 0.0)) >= _SEEN:
        seen.append(f"gill score {words.score(float(facts['gill_score']))}")
    if float(facts.get("wounded", 0.0)) >= _WOUNDS:
        seen.append(f"wounds on {words.percent(float(facts['wounded']))}")
    if 0 < float(facts.get("appetite", 0.0)) < _GOOD:
        seen.append(f"appetite {words.percent(float(facts['appetite']))}")
    return f" ({words.listed(seen)})" if seen else ""


def diagnosis(facts: Facts, say: Chooser) -> str:
    """Write that a laboratory confirmed a disease."""
    disease = words.lower(str(facts["disease"]))
    found = _found(facts)
    return say.pick(
        f"{words.sentence(disease)} confirmed: {found}.",
        f"Answer from the laboratory: {found}. Diagnosis {disease}.",
        f"The laboratory confirms {disease} ({found}).",
        f"It is {disease}. {words.sentence(found)}.",
    )


def ruled_out(facts: Facts, say: Chooser) -> str:
    """Write that a test did not confirm what people suspect."""
    disease = words.lower(str(facts["disease"]))
    found = _found(facts)
    return say.pick(
        f"{words.sentence(disease)} not confirmed: {found}. Keep watching and sample again.",
        f"Laboratory: {found}. No confirmation of {disease} so far.",
        f"Negative for {disease} ({found}), though the signs remain. New samples to follow.",
    )


def result(facts: Facts, say: Chooser) -> str:
    """Write down a result that settles nothing."""
    disease = words.lower(str(facts["disease"]))
    found = _found(facts)
    why = {
        "screening": ("Screening", "From the screening", "Screening results in"),
        "suspicion": ("Samples taken at suspicion", "Laboratory", "Answer from the laboratory"),
        "follow_up": ("Follow-up samples", "Follow-up", "Samples after the outbreak was noticed"),
    }[str(facts["reason"])]
    if not int(facts["positive"]):
        return f"{say.pick(*why)}: {found}. " + say.pick(
            f"No sign of {disease}.", f"Nothing of {disease} found.", f"Negative for {disease}."
        )
    share = int(facts["positive"]) / int(facts["n"])
    many = "most" if share > _MOST else "some" if share > _SOME else "a few"
    lesions = str(facts["test"]).startswith(("Histology", "Microscopy"))
    verdicts = (
        (f"Fits {disease}.", f"Changes as in {disease} in {many} of them.")
        if lesions
        else (
            f"{words.sentence(many)} of the fish carry the agent of {disease}.",
            f"The agent of {disease} is there in {many} of the fish.",
            f"Positive for {disease} in {many} of them.",
        )
    )
    return f"{say.pick(*why)}: {found}. {say.pick(*verdicts)}"


def mortality(facts: Facts, say: Chooser) -> str:
    """Write that fish die and nobody knows why."""
    where, rate = facts["container"], words.per_mille(float(facts["per_mille"]))
    celsius = words.degrees(float(facts["temperature_c"]))
    taken = words.count(int(facts["tests"]), "test")
    return say.pick(
        f"Mortality up in {where}, {rate} last week, cause not clear. Fish sent in for {taken}.",
        f"Called because of losses in {where}: {rate} in seven days at {celsius}. No signs of a"
        f" disease; samples for {taken}.",
        f"{where}: {rate} dead in a week, nothing typical to be seen. Sampled ({taken}).",
    )


def recovery(facts: Facts, say: Chooser) -> str:
    """Write that an outbreak is over."""
    disease = words.lower(str(facts["disease"]))
    days, lost = words.count(int(facts["days"]), "day"), words.dead(int(facts["deaths"]))
    return say.pick(
        f"No more signs of {disease}. It lasted {days} and cost {lost} fish.",
        f"Outbreak of {disease} over after {days}; {lost} fish lost to it.",
        f"Fish have come through {disease}: {days}, {lost} dead.",
        f"{words.sentence(disease)} has died down. {days} from the first case, {lost} fish lost.",
    )


def _is_calm(facts: Facts) -> bool:
    """Return whether there is nothing to remark on."""
    return (
        float(facts["per_mille"]) < _levels(facts)[1]
        and float(facts["worst_per_mille"]) < _levels(facts)[2]
        and not 0 <= float(facts["appetite"]) < _FAIR
        and float(facts["gill_score"]) < _SEEN
        and float(facts["wounded"]) < _WOUNDS
        and not facts["confirmed"]
        and not facts["suspected"]
    )


def _levels(facts: Facts) -> tuple[float, float, float]:
    return _AT_SEA if facts["place"] == "site" else _ON_LAND


def _where(facts: Facts) -> str:
    unit = "pen" if facts["place"] == "site" else "tank"
    return words.count(int(facts["containers"]), unit)


def _found(facts: Facts) -> str:
    positive, n, test = int(facts["positive"]), int(facts["n"]), str(facts["test"])
    hits = f"{positive} of {n} fish positive" if positive else f"all {n} fish negative"
    return f"{test}, {hits}"


def _mortality(facts: Facts, unit: str, say: Chooser) -> str:
    rate, worst = float(facts["per_mille"]), float(facts["worst_per_mille"])
    shown = words.per_mille(rate)
    normal, raised, high = _levels(facts)
    if rate < normal:
        text = say.pick(
            f"Mortality low, {shown} last week",
            f"Very few dead ({shown} in the last week)",
            f"Losses of the week {shown}",
        )
    elif rate < raised:
        text = say.pick(
            f"Mortality {shown} last week, normal",
            f"Normal losses, {shown} in seven days",
            f"Weekly mortality {shown}",
        )
    else:
        word = "high" if rate >= high else "raised"
        text = say.pick(
            f"Mortality {word}: {shown} last week",
            f"{words.sentence(word)} mortality, {shown} in seven days",
            f"Losses are {word}, {shown} in a week",
        )
    if worst >= max(2 * rate, raised):
        text += say.pick(
            f", most of it in {facts['worst']} ({words.per_mille(worst)})",
            f"; worst {unit} {facts['worst']} with {words.per_mille(worst)}",
        )
    return text + "."


def _appetite(appetite: float, say: Chooser) -> str:
    shown = words.percent(appetite)
    if appetite == 0:
        return say.pick("Fish are fasting.", "No feeding today.", "Feed withheld.")
    if appetite >= _GOOD:
        return say.pick("Good appetite.", "Feeding well.", "Appetite good.", "Fish feed eagerly.")
    if appetite >= _FAIR:
        return say.pick(
            f"Appetite a little down, about {shown} of normal.",
            f"Eating about {shown} of what they should.",
            f"Appetite fair ({shown}).",
        )
    return say.pick(
        f"Poor appetite, about {shown} of normal.",
        f"Fish eat badly: about {shown} of what they should.",
        f"Appetite down to {shown}.",
    )


def _seen_at_sea(facts: Facts, say: Chooser) -> list[str]:
    gills, wounded = float(facts["gill_score"]), float(facts["wounded"])
    shown = words.score(gills)
    if gills < _SEEN:
        text = say.pick("Gills fine", f"Gills good (score {shown})", "Nothing on the gills")
    elif gills < _WORRYING:
        text = say.pick(
            f"Some patches on the gills, mean score {shown}", f"Gill score {shown} on average"
        )
    else:
        text = say.pick(
            f"Gills clearly affected, mean score {shown}", f"Bad gills: {shown} on average"
        )
    skin = words.percent(wounded)
    if wounded >= _WOUNDS:
        text += say.pick(f", wounds on {skin} of the fish", f"; {skin} with wounds or ulcers")
    else:
        text += say.pick(", skin whole", ", hardly any wounds", "")
    texts = [text + "."]
    lice = float(facts["adult_female"])
    if 0 <= lice < _NO_LICE:
        texts.append(say.pick("No adult female lice at the last count.", "Hardly any lice.", ""))
    elif lice >= _NO_LICE:
        texts.append(
            say.pick(
                f"Last lice count {words.lice(lice)} adult females per fish.",
                f"Adult female lice {words.lice(lice)} per fish at the last count.",
            )
        )
    return texts


def _opened(mean: float, say: Chooser) -> list[str]:
    if mean < _ADHESIONS:
        return []
    shown = words.score(mean)
    return [
        say.pick(
            f"Opened a few fish: Speilberg score {shown} on average.",
            f"Adhesions after vaccination: mean Speilberg score {shown}.",
            "",
            "",
        )
    ]
