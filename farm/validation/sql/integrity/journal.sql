-- The journal agrees with what happened at its place on its day.

-- journal_of_its_people --
-- A journal entry is signed by who looked after the place then
-- The veterinarian, or the manager of the site or station: people stay for some years. What a
-- treatment did is judged by either. The text is a sentence.
-- Source: scenario, laboratory.visits
WITH entry AS (
    SELECT j.*, coalesce(j.site_id, j.station_id) AS number, s.code AS geography,
           CASE WHEN j.kind IN ('visit', 'suspicion', 'diagnosis', 'ruled_out', 'result',
                                'mortality', 'recovery') THEN ARRAY['veterinarian']
                WHEN j.kind = 'effect' THEN ARRAY['veterinarian', 'manager']
                WHEN j.kind IN ('lice', 'decision', 'treatment', 'withholding', 'vaccination',
                                'early_harvest', 'event') THEN ARRAY['manager'] END AS roles
      FROM journal_entry AS j
      LEFT JOIN site AS x ON x.id = j.site_id
      LEFT JOIN station AS y ON y.id = j.station_id
      JOIN area AS a ON a.id = coalesce(x.area_id, y.area_id)
      JOIN geography AS s ON s.id = a.geography_id
), staff AS (
    SELECT role, g.key AS geography, g.value AS people, jsonb_array_length(g.value) AS number,
           (%(staff)s::jsonb ->> 'years_in_office')::integer AS years
      FROM (VALUES ('veterinarian'), ('manager')) AS r (role),
           jsonb_each(%(staff)s::jsonb -> (r.role || 's')) AS g
)
SELECT e.id AS journal_entry_id, e.date, e.kind, e.author, e.text
  FROM entry AS e
 WHERE e.text !~ '^[[:upper:][:digit:]].*[.]$'
    OR NOT EXISTS (
        SELECT FROM staff AS f
         WHERE f.geography = e.geography AND f.role = ANY (e.roles)
           AND e.author = (f.people ->> ((e.number + (extract(year FROM e.date)::integer
                                                      + e.number %% f.years) / f.years) %% f.number))
               || ', ' || CASE WHEN f.role = 'veterinarian' THEN f.role
                               WHEN e.site_id IS NULL THEN 'station manager'
                               ELSE 'site manager' END);

-- journal_tells_of_outbreaks --
-- The journal tells of every outbreak when it was noticed, confirmed and over
-- By name, on that very day and of no other outbreak; recovery of those that people had noticed.
-- Source: a veterinarian writes down what matters most
WITH happened AS (
    SELECT o.outbreak_id, x.kind, x.date
      FROM outbreak AS o
     CROSS JOIN LATERAL (VALUES
         ('suspicion', o.onset_date), ('diagnosis', o.diagnosed_date),
         ('recovery', CASE WHEN o.onset_date IS NOT NULL THEN o.end_date END)) AS x (kind, date)
     WHERE x.date IS NOT NULL
), told AS (
    SELECT j.disease_outbreak_id AS outbreak_id, j.kind, j.date, j.id, j.text,
           strpos(lower(j.text), lower(d.name)) > 0 AS is_named
      FROM journal_entry AS j
      LEFT JOIN outbreak AS o ON o.outbreak_id = j.disease_outbreak_id
      LEFT JOIN disease AS d ON d.id = o.disease_id
     WHERE j.kind IN ('suspicion', 'diagnosis', 'recovery')
)
SELECT outbreak_id, kind, date, t.id AS journal_entry_id, h.date IS NOT NULL AS happened, t.is_named
  FROM happened AS h FULL JOIN told AS t USING (outbreak_id, kind, date)
 WHERE h.date IS NULL OR t.is_named IS NOT TRUE;

-- journal_tells_of_losses --
-- Whenever fish died for no known reason, samples were taken and the journal says so
-- Suspicions of no outbreak, and entries about mortality, on the same days.
-- Source: a veterinarian writes down what matters most
WITH sampled AS (
    SELECT DISTINCT s.place, l.sampled_on AS date
      FROM lab_sample AS l JOIN stay AS s USING (assignment_id)
     WHERE l.reason = 'suspicion' AND l.disease_outbreak_id IS NULL
), told AS (
    SELECT coalesce(site_id, -station_id) AS place, date, id
      FROM journal_entry WHERE kind = 'mortality'
)
SELECT place, date, t.id AS journal_entry_id, s.place IS NOT NULL AS sampled
  FROM sampled AS s FULL JOIN told AS t USING (place, date)
 WHERE s.place IS NULL OR t.id IS NULL;

-- journal_tells_of_vaccinations --
-- When a batch is vaccinated at a station, the journal says so
-- On the day of its last tank there, by its name; it tells of nothing else as a vaccination. A batch
-- of which every fish is vaccinated has been told of somewhere.
-- Source: a manager writes down what matters most
WITH happened AS (
    SELECT DISTINCT s.place, b.code AS batch, v.date
      FROM vaccination AS v
      JOIN stay AS s USING (assignment_id)
      JOIN batch AS b ON b.id = s.batch_id
), told AS (
    SELECT coalesce(j.site_id, -j.station_id) AS place, j.date, j.id,
           substring(j.text FROM '[A-Z]+-[0-9]{4}-[0-9]{2,}') AS batch
      FROM journal_entry AS j WHERE j.kind = 'vaccination'
)
SELECT t.batch, t.id AS journal_entry_id, t.place, t.date
  FROM told AS t LEFT JOIN happened AS h USING (place, batch, date)
 WHERE h.batch IS NULL
UNION ALL
SELECT h.batch, NULL, NULL, max(h.date)
  FROM happened AS h
  JOIN batch AS b ON b.code = h.batch
 WHERE EXISTS (SELECT FROM transfer AS t JOIN stay AS s ON s.assignment_id = t.to_assignment_id
                WHERE t.kind = 'sea' AND s.batch_id = b.id)
   AND NOT EXISTS (SELECT FROM told AS t WHERE t.batch = h.batch)
 GROUP BY 1;

-- journal_tells_what_happened --
-- What the journal says was begun, answered or measured was so on that day
-- A treatment began there; a period of withholding began or ended; a laboratory answered (what was
-- looked at on the spot, the day before); lice were counted, of fish that are there or just went; a
-- storm or bloom was on, or just known to be over.
-- Source: events belong to a place
WITH happened AS (
    SELECT 'treatment' AS kind, s.place, t.start_date AS date
      FROM treatment AS t JOIN stay AS s USING (assignment_id)
    UNION
    SELECT 'withholding', s.place, unnest(ARRAY[t.start_date, w.end_date])
      FROM treatment AS t
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
                              AND num_nonnulls(y.withdrawal_degree_days, y.withdrawal_days) > 0
      JOIN stay AS s USING (assignment_id)
      LEFT JOIN withholding_period AS w ON w.treatment_id = t.id
    UNION
    SELECT kind, s.place, l.received_on + later
      FROM lab_sample AS l
      JOIN stay AS s USING (assignment_id)
     CROSS JOIN unnest(ARRAY['result', 'ruled_out']) AS kind
     CROSS JOIN generate_series(0, 1) AS later
    UNION
    SELECT 'lice', s.place, c.counted_on + later
      FROM lice_count AS c
      JOIN stay AS s USING (assignment_id)
     CROSS JOIN generate_series(0, 1) AS later
    UNION
    SELECT 'lice', place, end_date FROM stay
    UNION
    SELECT 'event', v.site_id, d::date
      FROM site_event AS v,
           generate_series(v.start_date::timestamp,
                           coalesce(v.end_date, %(after_horizon)s) + %(events_known_after)s,
                           '1 day') AS d
)
SELECT j.id AS journal_entry_id, j.date, j.kind, j.place
  FROM (SELECT *, coalesce(site_id, -station_id) AS place FROM journal_entry) AS j
  LEFT JOIN happened AS h USING (kind, place, date)
 WHERE j.kind IN ('treatment', 'withholding', 'result', 'ruled_out', 'lice', 'event')
   AND h.kind IS NULL;

-- journal_reads_the_water --
-- The temperature that the journal tells of is that of the water on that day
-- At sea, to the tenth of a degree; every visit tells it, on land as well. Entries say things in
-- numbers, but those about the weather.
-- Source: events belong to a place
SELECT j.id AS journal_entry_id, j.kind, j.date, j.text, d.temperature_c
  FROM journal_entry AS j
  LEFT JOIN site_day AS d ON d.site_id = j.site_id AND d.date = j.date
 WHERE (j.kind = 'visit' AND strpos(j.text, '°C') = 0)
    OR (j.kind <> 'event' AND j.text !~ '[0-9]')
    OR (j.site_id IS NOT NULL
        AND abs(substring(j.text FROM '(-?[0-9]+[.][0-9]) °C')::double precision - d.temperature_c)
            > 0.0501);

-- journal_names_fish_and_outbreaks --
-- Entries of one kind say alike whose fish and which outbreak they are about
-- Those about samples and losses name the fish; a visit, the weather, lice and vaccination no
-- outbreak.
-- Source: events belong to an assignment
SELECT id AS journal_entry_id, date, kind, assignment_id, disease_outbreak_id
  FROM journal_entry
 WHERE (assignment_id IS NOT NULL) <> (kind IN ('suspicion', 'diagnosis', 'ruled_out', 'result',
                                                'mortality'))
    OR (disease_outbreak_id IS NOT NULL
        AND kind IN ('visit', 'event', 'lice', 'vaccination', 'mortality'))
    OR (disease_outbreak_id IS NULL
        AND kind IN ('suspicion', 'diagnosis', 'ruled_out', 'recovery', 'early_harvest'));

-- visited_in_time --
-- A veterinarian comes to all fish as often as planned
-- Never more than eight days late while there are fish, from the day on which they came: six either
-- way, and nobody comes on a weekend; nor to a place without fish.
-- Source: scenario, laboratory.visits.interval
WITH spell AS (
    SELECT place, unnest(range_agg(daterange(start_date, least(gone, %(after_horizon)s)))) AS days
      FROM stay GROUP BY place
), looked AS (
    SELECT p.place, p.days, lower(p.days) AS date FROM spell AS p
    UNION
    SELECT p.place, p.days, j.date
      FROM spell AS p
      JOIN journal_entry AS j ON coalesce(j.site_id, -j.station_id) = p.place AND j.kind = 'visit'
                             AND j.date <@ p.days
    UNION
    SELECT p.place, p.days, upper(p.days) FROM spell AS p
), gap AS (
    SELECT place, date, lead(date) OVER (PARTITION BY place, days ORDER BY date) AS next_on
      FROM looked
)
SELECT place, date, next_on, next_on - date AS days
  FROM gap WHERE next_on - date > %(visit_interval)s + 8
UNION ALL
SELECT place, date, NULL, NULL
  FROM (SELECT coalesce(site_id, -station_id) AS place, date FROM journal_entry
         WHERE kind = 'visit') AS j
 WHERE extract(isodow FROM date) > 5
    OR NOT EXISTS (SELECT FROM spell AS s
                    WHERE s.place = j.place AND j.date BETWEEN lower(s.days) AND upper(s.days));
