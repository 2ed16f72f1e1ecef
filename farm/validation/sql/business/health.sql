-- The farm keeps the rules of fish health: those of the law, of labels, and its own.

-- nothing_harvested_while_withheld --
-- No fish is harvested inside a withholding period
-- Nor while the medicine is still given.
-- Source: Regulation (EU) 2019/6, art. 115; Veterinary Medicines Regulations 2013 (UK)
SELECT h.assignment_id, h.date AS harvested, t.id AS treatment_id, t.start_date, w.end_date
  FROM harvest_event AS h
  JOIN treatment AS t ON t.assignment_id = h.assignment_id AND t.start_date <= h.date
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
                          AND num_nonnulls(y.withdrawal_degree_days, y.withdrawal_days) > 0
  LEFT JOIN withholding_period AS w ON w.treatment_id = t.id
 WHERE h.date < coalesce(w.end_date, 'infinity');

-- no_antibiotics_at_faroese_sea --
-- No antibiotic is given at Faroese sea sites
-- None has been since 2003.
-- Source: DI21 [found] salmon-from-the-faroe-islands.com, fish welfare (Faroese Act s.61; Avrik)
SELECT t.id AS treatment_id, t.start_date, y.substance, s.container
  FROM treatment AS t
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
  JOIN stay AS s USING (assignment_id)
 WHERE s.geography = 'FO' AND s.site_id IS NOT NULL
   AND y.substance ~* 'florfenicol|tetracycline|amoxicillin|oxolinic|flumequine|sulfa|trimethoprim';

-- no_foreign_diseases --
-- No disease breaks out where it is not known
-- Pancreas disease and piscirickettsiosis (SRS) are no diseases of the Faroes.
-- Source: DI10, DI14: PD was never reported from the Faroes; SRS is not a production disease there
SELECT outbreak_id, disease, geography, first_case_date
  FROM outbreak
 WHERE geography = 'FO' AND disease IN ('pd', 'srs');

-- vaccinated_before_sea --
-- Every batch is vaccinated before it goes to sea
-- All its fish, every one of them before the first day of its transfer.
-- Source: husbandry: all Atlantic salmon are vaccinated before sea transfer
WITH sent AS (
    SELECT a.batch_id, min(t.date) AS first_day, sum(t.count) AS fish
      FROM transfer AS t JOIN assignment AS a ON a.id = t.to_assignment_id
     WHERE t.kind = 'sea' GROUP BY 1
), vaccinated AS (
    SELECT a.batch_id, max(v.date) AS last_day, sum(v.count) AS fish
      FROM vaccination AS v JOIN assignment AS a ON a.id = v.assignment_id GROUP BY 1
)
SELECT b.code AS batch, s.first_day AS to_sea, s.fish, v.last_day AS vaccinated,
       v.fish AS fish_vaccinated
  FROM sent AS s
  JOIN batch AS b ON b.id = s.batch_id
  LEFT JOIN vaccinated AS v USING (batch_id)
 WHERE (v.last_day < s.first_day AND v.fish >= s.fish) IS NOT TRUE;

-- vaccinated_as_labelled --
-- Fish are vaccinated on land, and not before the label allows it
-- The fish weigh at least what the vaccine asks for.
-- Source: SA06 [found] VetiSearch SPC Alpha Ject micro 1 PD: at least 28 g
SELECT v.id AS vaccination_id, v.assignment_id, v.date, c.code, v.mean_weight_g, c.min_weight_g,
       s.site_id
  FROM vaccination AS v
  JOIN vaccine AS c ON c.id = v.vaccine_id
  JOIN stay AS s USING (assignment_id)
 WHERE v.mean_weight_g < c.min_weight_g OR s.site_id IS NOT NULL;

-- fish_fast_before_treatment --
-- Fish fast before a treatment for as long as its kind asks
-- Every one of the days before, as far as they were there.
-- Source: treatment_type.fasting_days
SELECT t.id AS treatment_id, y.code, t.start_date, y.fasting_days, d.date AS fed_on
  FROM treatment AS t
  JOIN treatment_type AS y ON y.id = t.treatment_type_id
  CROSS JOIN LATERAL generate_series(1, y.fasting_days) AS ago
  JOIN daily_state AS d ON d.assignment_id = t.assignment_id AND d.date = t.start_date - ago
 WHERE d.feed_kg > 0;

-- treatments_one_at_a_time --
-- The fish of a container get one treatment at a time
-- A second begins when the first has ended. Functional feed and cleaner fish go on beside others.
-- Source: husbandry
SELECT a.assignment_id, a.id AS treatment_id, a.end_date, b.id AS other_treatment_id,
       b.start_date AS other_start
  FROM treatment AS a
  JOIN treatment AS b ON b.assignment_id = a.assignment_id
                     AND (b.start_date, b.id) > (a.start_date, a.id)
  JOIN treatment_type AS ya ON ya.id = a.treatment_type_id
  JOIN treatment_type AS yb ON yb.id = b.treatment_type_id
 WHERE b.start_date < coalesce(a.end_date, 'infinity')
   AND NOT (ya.method IN ('functional_feed', 'cleaner_fish')
            OR yb.method IN ('functional_feed', 'cleaner_fish'));

-- outbreak_treatments_answer_it --
-- A treatment against an outbreak is given to fish of its place after people noticed it
-- A week after it is over at the latest: an order takes some days.
-- Source: husbandry
SELECT t.id AS treatment_id, t.start_date, o.outbreak_id, o.disease, o.onset_date, o.end_date
  FROM treatment AS t
  JOIN stay AS s USING (assignment_id)
  LEFT JOIN outbreak AS o ON o.outbreak_id = t.disease_outbreak_id
 WHERE (t.reason = 'outbreak') <> (t.disease_outbreak_id IS NOT NULL)
    OR o.place <> s.place OR (o.outbreak_id IS NOT NULL
        AND (t.start_date >= o.onset_date AND t.start_date <= o.over + 7) IS NOT TRUE);

-- lice_are_counted_in_time --
-- Lice are counted as often as the law asks
-- At every stocked site. Faroes: every 14 days; Scotland: every week from 29 March 2021 on, and as
-- the code of practice has it, every 14 days, before. Another week is left for storms.
-- Source: LI20 [found] Firum, Lice countings service; LI21 [found] Szewczyk 2024 after gov.scot
WITH visit AS (
    SELECT p.site_id, p.geography, d.date
      FROM herd_day AS d JOIN site_place AS p ON p.site_id = d.place
     WHERE d.lice_fish > 0 AND d.date >= %(first)s AND d.date < %(after)s
    UNION
    SELECT site_id, geography, greatest(min(start_date), %(first)s)
      FROM stay WHERE site_id IS NOT NULL GROUP BY site_id, geography, batch_id
    HAVING max(gone) > %(first)s AND min(start_date) < %(after)s
    UNION
    SELECT site_id, geography, least(max(gone), %(after)s)
      FROM stay WHERE site_id IS NOT NULL GROUP BY site_id, geography, batch_id
    HAVING max(gone) > %(first)s AND min(start_date) < %(after)s
), gap AS (
    SELECT site_id, geography, date,
           lead(date) OVER (PARTITION BY site_id ORDER BY date) AS next_on
      FROM visit
)
SELECT g.site_id, g.date AS counted_on, g.next_on
  FROM gap AS g
 WHERE g.next_on - g.date > 7 + CASE WHEN g.geography = 'SC' AND g.date >= '2021-03-29' THEN 7
                                     ELSE 14 END
   AND EXISTS (SELECT FROM stay AS s WHERE s.site_id = g.site_id AND s.start_date <= g.date
                                       AND s.gone >= g.next_on);

-- harvest_ends_the_stay --
-- Fish leave the sea by harvest alone, and the last of them end the stay
-- The last harvest is on the day on which the assignment ends.
-- Source: all in all out: fish that went to sea go to slaughter
WITH harvested AS (
    SELECT assignment_id, max(date) AS last_day FROM harvest_event GROUP BY 1
)
SELECT s.assignment_id, s.container, s.end_date, h.last_day AS last_harvest
  FROM stay AS s LEFT JOIN harvested AS h USING (assignment_id)
 WHERE (s.site_id IS NULL AND h.last_day IS NOT NULL)
    OR (s.site_id IS NOT NULL AND s.end_date IS NOT NULL
        AND NOT EXISTS (SELECT FROM transfer AS t WHERE t.from_assignment_id = s.assignment_id)
        AND h.last_day IS DISTINCT FROM s.end_date)
    OR (s.end_date IS NULL AND h.last_day >= %(after_horizon)s);

-- lice_above_the_limit --
-- Share of lice counts above the limit that nothing was done about
-- Mean of a site, at which the law asks for treatment, of stocked sites; in the four weeks after it
-- nobody treated the site for lice, had treated it in the week before, or harvested there.
-- Unit: share of counts above the limit
-- Needs: 40 counts above the limit
-- Source: lice_limit: the law asks for treatment
WITH counted AS (
    SELECT p.site_id, p.geography, d.date,
           sum(d.lice_found)::double precision / sum(d.lice_fish) AS lice
      FROM herd_day AS d JOIN site_place AS p ON p.site_id = d.place
     WHERE d.lice_fish > 0 AND d.date >= %(first)s AND d.date < %(after)s::date - 28
     GROUP BY 1, 2, 3
), above AS (
    SELECT c.*
      FROM counted AS c
      JOIN geography AS g ON g.code = c.geography
      JOIN lice_limit AS l ON l.geography_id = g.id AND l.kind = 'treat'
                          AND c.date BETWEEN l.from_date AND coalesce(l.to_date, 'infinity')
                          AND CASE WHEN l.first_month <= l.last_month
                                   THEN extract(month FROM c.date)
                                        BETWEEN l.first_month AND l.last_month
                                   ELSE extract(month FROM c.date) >= l.first_month
                                        OR extract(month FROM c.date) <= l.last_month END
                          AND c.lice > l.adult_female
), done AS (
    SELECT s.site_id, t.start_date AS date
      FROM treatment AS t JOIN stay AS s USING (assignment_id) WHERE t.reason = 'lice'
    UNION
    SELECT s.site_id, h.date FROM harvest_event AS h JOIN stay AS s USING (assignment_id)
)
SELECT a.geography AS subject, count(*) AS had, 0 AS low, 0.1 AS high,
       avg((NOT EXISTS (SELECT FROM done AS d
                         WHERE d.site_id = a.site_id
                           AND d.date BETWEEN a.date - 7 AND a.date + 28))::int)::double precision
           AS measured
  FROM above AS a
 GROUP BY 1
 ORDER BY 1;

-- lice_treatments_follow_counts --
-- Share of treatments against lice that follow a count
-- In the three weeks before, the site's lice were counted, and there were as many adult females as
-- the company acts on, at least: its least share of the lowest limit of the year.
-- Unit: share of treatments
-- Needs: 30 treatments of a site
-- Source: scenario, care.delousing.act_at
WITH treated AS (
    SELECT s.site_id, s.geography, t.start_date,
           lag(t.start_date) OVER (PARTITION BY s.site_id ORDER BY t.start_date) AS before
      FROM treatment AS t JOIN stay AS s USING (assignment_id)
     WHERE t.reason = 'lice' AND t.start_date >= %(first)s::date + 21 AND t.start_date < %(after)s
), begun AS (
    -- the first container of a round
    SELECT DISTINCT site_id, geography, start_date FROM treated
     WHERE before IS NULL OR start_date - before > 7
), enough AS (
    SELECT g.code AS geography,
           min(l.adult_female) * (%(lice_act_at)s::jsonb ->> g.code)::double precision AS found
      FROM geography AS g JOIN lice_limit AS l ON l.geography_id = g.id AND l.kind = 'treat'
     GROUP BY g.code
), counted AS MATERIALIZED (
    SELECT place AS site_id, date, sum(lice_found)::double precision / sum(lice_fish) AS found
      FROM herd_day WHERE lice_fish > 0 GROUP BY 1, 2
)
SELECT b.geography AS subject, count(*) AS had, 0.9 AS low, 1 AS high,
       avg((EXISTS (SELECT FROM counted AS c
                     WHERE c.site_id = b.site_id AND c.found >= e.found
                       AND c.date BETWEEN b.start_date - 21 AND b.start_date
                   ))::int)::double precision AS measured
  FROM begun AS b JOIN enough AS e USING (geography)
 GROUP BY 1
 ORDER BY 1;

-- withdrawal_as_labelled --
-- Withdrawal of each medicine
-- In degree-days, 0 where there is none; what is no medicine is never withheld.
-- Unit: degree-days
-- Needs: 1 treatment types
-- Source: labels: WD01, WD02, WD04, WD05, WD08, WD09, WD12, WD13, WD15-WD17, WD19, WD21
WITH label (substance, lowest, highest) AS (VALUES
    ('deltamethrin', 5, 5), ('cypermethrin', 20, 20), ('azamethiphos', 10, 10),
    ('hydrogen peroxide', 0, 0), ('emamectin', 0, 175), ('florfenicol', 150, 150),
    ('oxytetracycline', 400, 400), ('amoxicillin', 500, 500), ('diflubenzuron', 105, 105),
    ('teflubenzuron', 96, 96), ('imidacloprid', 98, 98), ('tricaine', 70, 70)
)
SELECT y.code AS subject, coalesce(l.lowest, 0) AS low, coalesce(l.highest, 0) AS high, 1 AS had,
       coalesce(y.withdrawal_degree_days, 0) AS measured
  FROM treatment_type AS y
  LEFT JOIN label AS l ON y.substance ~* l.substance
 WHERE l.substance IS NOT NULL OR NOT y.is_medicine
 ORDER BY y.id;
