-- What ought to be over by the last day is over. Every query returns offenders.

-- no_assignment_without_fish --
-- An open assignment has fish
-- On the last day.
-- Source: status follows facts
SELECT a.id AS assignment_id, a.start_date, d.population
  FROM assignment AS a
  LEFT JOIN daily_state AS d ON d.assignment_id = a.id AND d.date = %(after_horizon)s::date - 1
 WHERE a.end_date IS NULL AND coalesce(d.population, 0) = 0;

-- outbreaks_end_with_their_fish --
-- An outbreak is over when its place has no fish left, or none that are ill
-- None is open without fish at the place on the last day, nor when nobody has been ill of it there or
-- died of it for two months, as long as any course incubates.
-- Source: definition of an outbreak
SELECT o.outbreak_id, o.disease, o.place, o.first_case_date
  FROM outbreak AS o
 WHERE o.end_date IS NULL
   AND (NOT EXISTS (SELECT FROM stay AS s
                     WHERE s.place = o.place AND s.gone >= %(after_horizon)s)
        OR (o.first_case_date < %(after_horizon)s::date - 60
            AND NOT EXISTS (SELECT FROM named_death AS n
                             WHERE n.place = o.place AND n.disease_id = o.disease_id
                               AND n.date >= %(after_horizon)s::date - 60)
            AND NOT EXISTS (SELECT FROM daily_state AS d JOIN stay AS s USING (assignment_id)
                             WHERE s.place = o.place AND d.disease_id = o.disease_id
                               AND d.date >= %(after_horizon)s::date - 60)));

-- outbreaks_begin_and_end_with_illness --
-- An outbreak begins and ends near the days on which fish are seen ill of it
-- No longer before the first than the slowest courses incubate, no longer after the last than they
-- fade, and a fortnight: courses differ, slowest is three standard deviations.
-- Source: definition of an outbreak; scenario, diseases.course
WITH ill AS (
    SELECT o.outbreak_id, min(i.date) AS first_day, max(i.date) AS last_day
      FROM outbreak AS o
      JOIN (SELECT DISTINCT s.place, d.disease_id, d.date
              FROM daily_state AS d JOIN stay AS s USING (assignment_id)
             WHERE d.disease_id IS NOT NULL
            UNION
            SELECT place, disease_id, date FROM named_death WHERE disease_id IS NOT NULL) AS i
        ON i.place = o.place AND i.disease_id = o.disease_id
       AND i.date >= o.first_case_date AND i.date < o.over
     GROUP BY 1
)
SELECT o.outbreak_id, o.disease, o.first_case_date, i.first_day, i.last_day, o.end_date
  FROM outbreak AS o
  JOIN ill AS i USING (outbreak_id)
  JOIN jsonb_to_recordset(%(courses)s::jsonb)
       AS c (disease text, incubation double precision, decline double precision,
             log_sd double precision) ON c.disease = o.disease
 WHERE i.first_day - o.first_case_date > 14 + c.incubation * exp(3 * c.log_sd)
    OR o.end_date - i.last_day > 14 + c.decline * exp(3 * c.log_sd);

-- events_do_not_last_for_ever --
-- A site event is over after as long as any of its kind may last
-- Spells after their most days; a storm after two weeks, warm or cold water after half a year.
-- Source: scenario, events; judgement for what weather and sea cross into
SELECT v.id AS event_id, v.kind, v.start_date, v.end_date, x.longest
  FROM site_event AS v
 CROSS JOIN LATERAL (SELECT coalesce((%(spell_days)s::jsonb ->> v.kind)::integer,
                                     CASE v.kind WHEN 'storm' THEN 14 ELSE 183 END)) AS x (longest)
 WHERE coalesce(v.end_date, %(after_horizon)s) - v.start_date > x.longest;

-- storms_are_gales --
-- A site has a storm on the days on which its wind is a gale's, and on no other
-- By its exposure; as severe as the wind of its worst day.
-- Source: scenario, events.storm
WITH rule AS (
    SELECT s.id AS site_id, (%(storm)s::jsonb -> 'wind' ->> s.exposure)::double precision AS gale,
           (%(storm)s::jsonb ->> 'full')::double precision AS twice
      FROM site AS s
), day AS (
    SELECT r.site_id, d.date, d.wind_m_s, r.gale, r.twice, v.id, v.severity
      FROM site_day AS d
      JOIN rule AS r USING (site_id)
      LEFT JOIN site_event AS v ON v.site_id = d.site_id AND v.kind = 'storm'
                               AND d.date >= v.start_date AND d.date < coalesce(v.end_date, 'infinity')
     WHERE d.date >= %(first)s AND d.date < %(after)s
), worst AS (
    SELECT v.id, max(d.wind_m_s) / r.gale / r.twice AS force
      FROM site_event AS v
      JOIN rule AS r USING (site_id)
      JOIN site_day AS d ON d.site_id = v.site_id
                        AND d.date >= v.start_date AND d.date < coalesce(v.end_date, 'infinity')
     WHERE v.kind = 'storm' AND v.start_date >= %(first)s AND v.start_date < %(after)s
     GROUP BY v.id, r.gale, r.twice
)
SELECT site_id, date, wind_m_s, gale, id AS event_id, severity, w.force
  FROM day LEFT JOIN worst AS w USING (id)
 WHERE (id IS NULL AND wind_m_s > gale + 0.001) OR (id IS NOT NULL AND wind_m_s < gale - 0.001)
    OR (w.force IS NOT NULL AND abs(severity - least(w.force, 1)) > 0.002);
