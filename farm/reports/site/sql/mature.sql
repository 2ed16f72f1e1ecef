-- The mature years (session 3) against the early ones (session 1).

-- sizes --
-- Fish-months, deaths, feed and growth at sea in each of both, by the weight of the fish.
WITH span AS (
    SELECT * FROM (VALUES ('early', %(early_first)s::date, %(early_last)s::date),
                          ('mature', %(mature_first)s::date, %(mature_last)s::date))
             AS v (span, first_day, last_day)
), class AS (
    SELECT * FROM (VALUES (1, 'below 0.5 kg', 0, 500), (2, '0.5 to 1.5 kg', 500, 1500),
                          (3, '1.5 to 3 kg', 1500, 3000), (4, '3 kg and more', 3000, 100000))
             AS v (place, size, from_g, below_g)
)
SELECT span.span, class.place, class.size, sum(d.population)::float8 / 30.4 AS fish_months,
       sum(d.deaths)::float8 AS deaths,
       100 * sum(d.deaths) / (sum(d.population)::float8 / 30.4) AS percent_month
  FROM day AS d
  JOIN span ON d.date BETWEEN span.first_day AND span.last_day
  JOIN class ON 1000 * d.biomass_kg / d.population >= class.from_g
            AND 1000 * d.biomass_kg / d.population < class.below_g
 WHERE d.place > 0 AND d.population > 0
 GROUP BY 1, 2, 3 ORDER BY 1, 2;

-- causes --
-- Deaths at sea of each cause for a thousand fish and month.
WITH span AS (
    SELECT * FROM (VALUES ('early', %(early_first)s::date, %(early_last)s::date),
                          ('mature', %(mature_first)s::date, %(mature_last)s::date))
             AS v (span, first_day, last_day)
), whole AS (
    SELECT span.span, sum(d.population)::float8 / 30.4 AS fish_months
      FROM day AS d JOIN span ON d.date BETWEEN span.first_day AND span.last_day
     WHERE d.place > 0 GROUP BY 1
), dead AS (
    SELECT span.span, c.name AS cause, sum(x.n)::float8 AS deaths
      FROM batch_month AS m
      JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id AND st.code = 'adult'
      JOIN span ON m.month BETWEEN span.first_day AND span.last_day
      CROSS JOIN LATERAL unnest(m.deaths_by_cause) WITH ORDINALITY AS x (n, cause)
      JOIN mortality_cause AS c ON c.id = x.cause
     GROUP BY 1, 2
)
SELECT dead.cause,
       1000 * max(dead.deaths / whole.fish_months) FILTER (WHERE span = 'early') AS early,
       1000 * max(dead.deaths / whole.fish_months) FILTER (WHERE span = 'mature') AS mature
  FROM dead JOIN whole USING (span)
 GROUP BY 1 HAVING sum(dead.deaths) > 0
 ORDER BY greatest(max(dead.deaths / whole.fish_months), 0) DESC;

-- figures --
-- What else changed: growth, feed, lice, health, the fish put to sea.
WITH span AS (
    SELECT * FROM (VALUES ('early', %(early_first)s::date, %(early_last)s::date),
                          ('mature', %(mature_first)s::date, %(mature_last)s::date))
             AS v (span, first_day, last_day)
)
SELECT span.span,
       (SELECT sum(m.tgc * m.end_biomass_kg) / nullif(sum(m.end_biomass_kg) FILTER (WHERE m.tgc IS NOT NULL), 0)
          FROM batch_month AS m JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id
         WHERE st.code = 'adult' AND m.month BETWEEN first_day AND last_day) AS tgc,
       (SELECT (sum(m.feed_kg) / nullif(sum(m.growth_kg), 0)::numeric)::float8 FROM site_month AS m
         WHERE m.site_id IS NOT NULL AND m.month BETWEEN first_day AND last_day) AS fcr,
       (SELECT 100 * sum(m.dead_kg) / nullif(sum(m.growth_kg), 0) FROM batch_month AS m
          JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id
         WHERE st.code = 'adult' AND m.month BETWEEN first_day AND last_day) AS dead_of_growth,
       (SELECT sum(temperature_c * population) / nullif(sum(population), 0)::float8 FROM day
         WHERE place > 0 AND date BETWEEN first_day AND last_day) AS temperature_c,
       (SELECT 1000 * sum(biomass_kg) / nullif(sum(population), 0)::float8 FROM day
         WHERE place > 0 AND date BETWEEN first_day AND last_day) AS weight_g,
       (SELECT min(date) FROM day WHERE place > 0) AS first_at_sea,
       (SELECT sum(fish * adult_female) / nullif(sum(fish), 0)::float8 FROM counted
         WHERE date BETWEEN first_day AND last_day) AS lice,
       (SELECT 100.0 * count(*) FILTER (WHERE adult_female >= treat_from) / nullif(count(*), 0) FROM counted
         WHERE date BETWEEN first_day AND last_day) AS lice_above,
       (SELECT 12.0 * count(*) FILTER (WHERE t.reason = 'lice') / nullif((SELECT count(*) FROM site_check
            WHERE month BETWEEN first_day AND last_day), 0)
          FROM (SELECT DISTINCT s.place, t.start_date, t.reason FROM treatment AS t JOIN stay AS s USING (assignment_id)
                 WHERE s.place > 0 AND t.start_date BETWEEN first_day AND last_day) AS t) AS lice_treatments,
       (SELECT 12.0 * count(*) / nullif((SELECT count(*) FROM site_check
            WHERE month BETWEEN first_day AND last_day), 0)
          FROM disease_outbreak WHERE site_id IS NOT NULL
           AND first_case_date BETWEEN first_day AND last_day) AS outbreaks,
       (SELECT 100.0 * count(DISTINCT s.batch_id) FILTER (WHERE v.code LIKE 'pd%%')
               / nullif(count(DISTINCT s.batch_id), 0)
          FROM vaccination AS x JOIN vaccine AS v ON v.id = x.vaccine_id JOIN stay AS s USING (assignment_id)
         WHERE x.date BETWEEN first_day AND last_day) AS vaccinated_pd,
       (SELECT sum(t.biomass_kg) * 1000 / nullif(sum(t.count), 0) FROM transfer AS t
         WHERE t.kind = 'sea' AND t.date BETWEEN first_day AND last_day) AS smolt_g,
       (SELECT sum(h.biomass_kg) * 1000 / nullif(sum(h.count), 0) FROM harvest_event AS h
         WHERE h.date BETWEEN first_day AND last_day) AS harvest_g,
       (SELECT coalesce(sum(h.biomass_kg), 0) / 1000 FROM harvest_event AS h
         WHERE h.date BETWEEN first_day AND last_day) AS harvested_t,
       (SELECT avg(n)::float8 FROM (SELECT count(DISTINCT batch_id) AS n FROM day
         WHERE date BETWEEN first_day AND last_day AND extract(day FROM date) = 15 GROUP BY date) AS c) AS batches,
       (SELECT sum(m.utilisation_percent * m.containers) / sum(m.containers) FROM site_month AS m
         WHERE m.month BETWEEN first_day AND last_day) AS utilisation,
       (SELECT sum(m.utilisation_percent * m.containers) / sum(m.containers) FROM site_month AS m
         WHERE m.site_id IS NOT NULL AND m.month BETWEEN first_day AND last_day) AS utilisation_at_sea,
       (SELECT 100 * sum(deaths) / nullif(sum(population) / 30.4, 0)::float8 FROM day
         WHERE place < 0 AND date BETWEEN first_day AND last_day) AS mortality_on_land
  FROM span;

-- years --
-- Year by year.
WITH swum AS (
    SELECT extract(year FROM date)::int AS year,
           100 * sum(deaths) FILTER (WHERE place > 0)
               / nullif(sum(population) FILTER (WHERE place > 0) / 30.4, 0)::float8 AS at_sea,
           100 * sum(deaths) FILTER (WHERE place < 0)
               / nullif(sum(population) FILTER (WHERE place < 0) / 30.4, 0)::float8 AS on_land
      FROM day GROUP BY 1
), used AS (
    SELECT extract(year FROM month)::int AS year,
           sum(utilisation_percent * containers) / sum(containers) AS utilisation,
           (sum(feed_kg) FILTER (WHERE site_id IS NOT NULL)
               / nullif(sum(growth_kg) FILTER (WHERE site_id IS NOT NULL), 0)::numeric)::float8 AS fcr
      FROM site_month WHERE month <= %(last_day)s GROUP BY 1
), grown AS (
    SELECT extract(year FROM m.month)::int AS year, sum(m.tgc * m.end_biomass_kg)
               / nullif(sum(m.end_biomass_kg) FILTER (WHERE m.tgc IS NOT NULL), 0) AS tgc
      FROM batch_month AS m JOIN lifecycle_stage AS st ON st.id = m.lifecycle_stage_id
     WHERE st.code = 'adult' AND m.month <= %(last_day)s GROUP BY 1
)
SELECT year, at_sea, on_land, utilisation, fcr, tgc
  FROM swum LEFT JOIN used USING (year) LEFT JOIN grown USING (year) ORDER BY 1;
