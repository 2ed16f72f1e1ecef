"""Journal entries about what people do and what happens to a site: lice, treatments, weather."""

from __future__ import annotations

from farm.simulation.care import words
from farm.simulation.care.facts import Facts
from farm.simulation.care.words import Chooser

#: What people call the kinds of site events.
_EVENTS = {
    "storm": ("storm", "gale"),
    "heat_wave": ("unusually warm water", "heat wave in the sea"),
    "cold_spell": ("very cold water", "cold spell"),
    "hypoxia": ("low oxygen", "oxygen far down in the pens"),
    "algal_bloom": ("algal bloom", "algae in the water"),
    "jellyfish": ("jellyfish", "swarm of jellyfish"),
}

#: Rise or fall of deaths or lice, in per cent, that people call an effect.
_EFFECT, _GOOD_EFFECT = 20.0, 70.0


def lice(facts: Facts, say: Chooser) -> str:
    """Write down a count at which people must do something."""
    females, mobile = words.lice(float(facts["adult_female"])), words.lice(float(facts["mobile"]))
    limit, pens = words.lice(float(facts["limit"])), words.count(int(facts["pens"]), "pen")
    over = float(facts["adult_female"]) >= float(facts["limit"])
    how = say.pick("above the limit of", "over the limit of") if over else "below the limit of"
    text = say.pick(
        f"Lice counted in {pens}: {females} adult females and {mobile} mobiles per fish,"
        f" {how} {limit}.",
        f"Lice count: {females} adult females per fish ({mobile} mobiles), {how} {limit}.",
        f"Counted {pens}. Adult females {females}, {how} {limit}; mobiles {mobile}.",
    )
    answers = {
        "treat": ("Treatment ordered.", "We treat.", "Delousing to be arranged."),
        "wait": (
            "The last decision is only days old, so we wait for its effect.",
            "Wait for what was decided last time.",
        ),
        "harvest": ("Fish go to harvest soon, no treatment.", "Close to harvest, left alone."),
        "nothing fits": (
            "No method fits the water and the fish at the moment.",
            "No way to treat these fish now; count again.",
        ),
    }[str(facts["answer"])]
    return f"{text} {say.pick(*answers)}"


def decision(facts: Facts, say: Chooser) -> str:
    """Write down what people are going to do."""
    treatment = words.lower(str(facts["treatment"]))
    where, day = _containers(facts), words.day(str(facts["day"]))
    why = _why(facts)
    return say.pick(
        f"Decided on {treatment} for {where}{why}, from {day}.",
        f"{words.sentence(treatment)} ordered for {where}{why}; first one on {day}.",
        f"Plan: {treatment}, {where}, to begin on {day}{why}.",
    )


def treatment(facts: Facts, say: Chooser) -> str:
    """Write down that a treatment began."""
    what = words.lower(str(facts["treatment"]))
    where, number = _containers(facts), words.fish(int(facts["fish"]))
    celsius = words.degrees(float(facts["temperature_c"]))
    if facts["method"] in {"medicated_feed", "functional_feed"}:
        return say.pick(
            f"{words.sentence(what)} begun in {where}, {number}, water {celsius}.",
            f"First day of {what}: {where} with {number} at {celsius}.",
            f"Feeding {what} from today, {where}, {number}.",
        )
    if facts["method"] == "cleaner_fish":
        return say.pick(
            f"Cleaner fish put into {where} with {number}.",
            f"Stocked {where} with cleaner fish ({number} to look after).",
        )
    return say.pick(
        f"{words.sentence(what)} of {where} today, {number}, water {celsius}.",
        f"{words.sentence(what)} begun: {where}, {number} at {celsius}.",
        f"Started {what} with {where} ({number}). Water {celsius}.",
    )


def effect(facts: Facts, say: Chooser) -> str:
    """Write down what a treatment did."""
    what, where = words.lower(str(facts["treatment"])), _containers(facts)
    before, after = float(facts["before"]), float(facts["after"])
    if facts["reason"] == "lice":
        numbers = (
            f"from {words.lice(before)} to {words.lice(after)} adult females per fish in {where}"
        )
    else:
        numbers = (
            f"weekly mortality {words.per_mille(before)} before and {words.per_mille(after)}"
            f" after, in {where}"
        )
    lost = int(facts["deaths"])
    cost = (
        say.pick(f" {words.dead(lost)} fish died of it.", f" Losses {words.dead(lost)} fish.")
        if lost
        else say.pick(" No losses by the treatment.", "")
    )
    if facts["reason"] == "preventive":
        return f"After {what}: {numbers}.{cost}"
    # There is no effect to speak of where there was nothing before.
    change = float(facts.get("effect_percent", 0.0))
    if change >= _GOOD_EFFECT:
        verdict = say.pick("Good effect.", "It worked well.", "Very satisfied.")
    elif change >= _EFFECT:
        verdict = say.pick("Some effect.", "Less than hoped for.", "Moderate effect.")
    else:
        verdict = say.pick("No clear effect.", "Little to show for it.", "Effect not to be seen.")
    return f"After {what}: {numbers}. {verdict}{cost}"


def withholding(facts: Facts, say: Chooser) -> str:
    """Write down that fish may not be harvested for a while, or may be again."""
    what, where = words.lower(str(facts["treatment"])), _containers(facts)
    if "degree_days" in facts:
        length = words.degree_days(float(facts["degree_days"]))
    else:
        length = words.count(int(facts["days"]), "day")
    if facts["phase"] == "begins":
        return say.pick(
            f"Withdrawal after {what}: {length} for {where}. No harvest before that.",
            f"{words.sentence(where)} may not be harvested until {length} after {what}.",
            f"{words.sentence(what)}: {where} closed for harvest, {length} from the last dose.",
        )
    return say.pick(
        f"Withdrawal period of {what} over in {where} ({length}).",
        f"{words.sentence(where)} free for harvest again, {length} after {what}.",
    )


def vaccination(facts: Facts, say: Chooser) -> str:
    """Write down that all fish of a batch at a station are vaccinated."""
    number, where = words.fish(int(facts["fish"])), _containers(facts)
    batch, vaccines = facts["batch"], facts["vaccines"]
    weight, celsius = words.grams(float(facts["weight_g"])), float(facts["temperature_c"])
    left = words.degree_days(float(facts["degree_days"]))
    mean = words.score(float(facts["score"]))
    return say.pick(
        f"Batch {batch} is vaccinated: {number} in {where} with {vaccines}, mean weight {weight}."
        f" {words.sentence(left)} to the sea; Speilberg score {mean} expected.",
        f"Vaccination of {batch} finished. {words.sentence(number)} in {where}, {weight},"
        f" {words.degrees(celsius)}; {vaccines}. About {left} until transfer, side effects around"
        f" score {mean}.",
        f"Last tank of {batch} vaccinated with {vaccines} ({number}, {where}, {weight})."
        f" {words.sentence(left)} left to the sea. Expect a Speilberg score near {mean}.",
    )


def early_harvest(facts: Facts, say: Chooser) -> str:
    """Write down that fish are harvested before their time because of a disease."""
    disease, where = words.lower(str(facts["disease"])), _containers(facts)
    rate, weight = float(facts["percent_per_day"]), words.grams(float(facts["weight_g"]))
    return say.pick(
        f"Because of {disease} {where} will be harvested early: {rate:.2f} % die in a day. Fish"
        f" weigh {weight}.",
        f"Early harvest ordered for {where}, mean weight {weight}. {words.sentence(disease)} takes"
        f" {rate:.2f} % a day in the worst of them.",
        f"We take out {where} at {weight} before {disease} costs more ({rate:.2f} % a day).",
    )


def event(facts: Facts, say: Chooser) -> str:
    """Write down the weather, or what the sea brought."""
    what = say.pick(*_EVENTS[str(facts["event"])])
    if facts["phase"] == "begins":
        return say.pick(
            f"{words.sentence(what)} at the site.",
            f"{words.sentence(what)} since today, watching the fish closely.",
            f"Reported by the site: {what}.",
        )
    days, rate = words.count(int(facts["days"]), "day"), words.per_mille(float(facts["per_mille"]))
    return say.pick(
        f"{words.sentence(what)} over after {days}. Mortality {rate} in the last week.",
        f"After {days} of {what}: {rate} dead in a week.",
        f"The {what.removeprefix('very ')} lasted {days}; weekly losses {rate}.",
    )


def _containers(facts: Facts) -> str:
    unit = "pen" if facts["place"] == "site" else "tank"
    return words.count(int(facts["containers"]), unit)


def _why(facts: Facts) -> str:
    if facts["reason"] == "outbreak":
        disease = str(facts["disease"])
        return f" against {words.lower(disease)}" if disease else ""
    return " against lice" if facts["reason"] == "lice" else " as a precaution"
