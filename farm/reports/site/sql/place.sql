-- One place, asked of all sites and stations at once.

-- places --
-- Sites and stations that ever had fish.
SELECT p.*, replace(p.kind, '_', ' ') AS kind_name, x.first_fish, x.last_fish, y.batches, x.most_t,
       z.containers
  FROM place AS p
  JOIN (SELECT place, min(date) AS first_fish, max(date) AS last_fish, max(kg) / 1000 AS most_t
          FROM (SELECT place, date, sum(biomass_kg) AS kg FROM day GROUP BY 1, 2) AS d
         GROUP BY 1) AS x USING (place)
  JOIN (SELECT place, count(*) AS batches FROM (SELECT DISTINCT place, batch_id FROM day) AS b
         GROUP BY 1) AS y USING (place)
  JOIN (SELECT coalesce(c.site_id, -h.station_id) AS place, count(*) AS containers
          FROM container AS c LEFT JOIN hall AS h ON h.id = c.hall_id GROUP BY 1) AS z USING (place)
 ORDER BY p.geography_id, p.kind, p.code;

-- stays --
-- What was in each container.
SELECT s.place AS at, s.container, s.batch, s.stage, s.start_date AS first,
       coalesce(s.end_date, %(last_day)s) AS last, s.start_count::float8 AS fish, s.start_weight_g
  FROM stay AS s WHERE s.start_date <= %(last_day)s ORDER BY s.place, s.container, s.start_date;

-- weeks --
-- Fish, biomass, losses and water at the end of each week.
SELECT d.place AS at, max(d.date) AS date, (array_agg(d.kg ORDER BY d.date DESC))[1] / 1000 AS biomass_t,
       (array_agg(d.fish ORDER BY d.date DESC))[1]::float8 AS fish,
       100 * sum(d.deaths) / nullif(avg(d.fish), 0)::float8 AS mortality, sum(d.feed_kg) / 1000 AS feed_t,
       100 * max(d.density_share) AS density_percent, avg(d.temperature_c) AS temperature_c
  FROM (SELECT place, date, sum(biomass_kg) AS kg, sum(population) AS fish, sum(deaths) AS deaths,
               sum(feed_kg) AS feed_kg, max(density_share) AS density_share,
               sum(temperature_c * population) / greatest(sum(population), 1)::float8 AS temperature_c
          FROM day GROUP BY 1, 2) AS d
 GROUP BY d.place, date_trunc('week', d.date) ORDER BY 1, 2;

-- counts --
-- Its lice counts.
SELECT place AS at, date, pens, fish::float8 AS n, adult_female, mobile, attached, treat_from
  FROM counted ORDER BY 1, 2;

-- treatments --
-- Its treatments, pens of a day together.
SELECT s.place AS at, t.start_date AS date, s.batch, y.name AS treatment, t.reason, count(*) AS containers,
       sum(t.fish)::float8 AS fish, avg(t.before_value) AS before_value, avg(t.after_value) AS after_value,
       sum(t.deaths) AS deaths
  FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id JOIN stay AS s USING (assignment_id)
 WHERE t.start_date <= %(last_day)s GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2;

-- outbreaks --
-- Its outbreaks.
SELECT coalesce(o.site_id, -o.station_id) AS at, d.name AS disease, o.first_case_date, o.onset_date,
       o.diagnosed_date, o.peak_date, o.end_date, o.assignments_affected, o.deaths
  FROM disease_outbreak AS o JOIN disease AS d ON d.id = o.disease_id
 WHERE o.first_case_date <= %(last_day)s ORDER BY 1, 3;

-- journal --
-- What was written about it in its last year.
SELECT coalesce(j.site_id, -j.station_id) AS at, j.date, j.kind, j.author, j.text
  FROM journal_entry AS j WHERE j.date BETWEEN %(last_day)s - 364 AND %(last_day)s ORDER BY 1, 2 DESC, j.id;
