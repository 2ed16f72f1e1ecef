-- What several pages stand on: made once in the report's own connection and gone with it.

-- sessions --
-- The sessions, what they cover and what they took.
SELECT s.session, s.years, s.status, s.scenario_name, s.seed, s.fingerprint, s.generator_version,
       s.numpy_version, s.started, s.completed, s.runtime_s, s.memory_peak_mb, s.rows,
       m.first_day, m.last_day
  FROM ops.session AS s
  JOIN (SELECT session, min(month) AS first_day,
               (max(month) + interval '1 month' - interval '1 day')::date AS last_day
          FROM ops.month GROUP BY session) AS m USING (session)
 ORDER BY s.session;

-- batch_id --
-- The batch of a code.
SELECT id FROM batch WHERE code = %(code)s;

-- geographies --
-- The geographies in which the company has anything, with their money.
SELECT id, code, name, currency FROM geography ORDER BY id;

-- place --
-- Sites and stations with their geography; a station's id is below zero.
CREATE TEMPORARY VIEW place AS
SELECT p.place, p.code, p.name, p.kind, p.max_biomass_t, p.exposure, p.latitude, p.longitude,
       a.code AS area_code, a.name AS area, g.id AS geography_id, g.code AS geography_code,
       g.name AS geography, g.currency
  FROM (SELECT id AS place, code, name, 'site' AS kind, max_biomass_t, exposure, latitude, longitude,
               area_id FROM site
         UNION ALL
        SELECT -id, code, name, kind, NULL, NULL, latitude, longitude, area_id FROM station) AS p
  JOIN area AS a ON a.id = p.area_id
  JOIN geography AS g ON g.id = a.geography_id;

-- stay --
-- Assignments with their batch, stage, container and place.
CREATE TEMPORARY VIEW stay AS
SELECT a.id AS assignment_id, a.batch_id, b.code AS batch, a.container_id, c.code AS container,
       coalesce(c.site_id, -h.station_id) AS place, a.lifecycle_stage_id AS stage_id,
       s.name AS stage, a.start_date, a.end_date, a.start_count, a.start_weight_g, a.end_count,
       a.end_weight_g
  FROM assignment AS a
  JOIN batch AS b ON b.id = a.batch_id
  JOIN lifecycle_stage AS s ON s.id = a.lifecycle_stage_id
  JOIN container AS c ON c.id = a.container_id
  LEFT JOIN hall AS h ON h.id = c.hall_id;

-- day --
-- The fish of each batch, stage and place on each day: the history is read once. Temperature is
-- the mean of the fish; density_share the greatest density over what is allowed there; lice are the
-- true adult females per fish.
CREATE TEMPORARY TABLE day (
    batch_id integer NOT NULL,
    place integer NOT NULL,
    stage_id smallint NOT NULL,
    date date NOT NULL,
    containers integer NOT NULL,
    population bigint NOT NULL,
    biomass_kg double precision NOT NULL,
    deaths integer NOT NULL,
    feed_kg double precision NOT NULL,
    temperature_c double precision NOT NULL,
    oxygen_mg_l double precision NOT NULL,
    density_share double precision NOT NULL,
    lice double precision
);

-- fill_day --
-- One scan of the history. A limit is that of the law where it has one for fish of this weight, and
-- the container's own, whichever is less; the law's weights are looked up in an array.
INSERT INTO day
WITH law AS (
    SELECT geography_id, array_agg(from_weight_g ORDER BY from_weight_g) AS weights,
           array_agg(limit_kg_m3 ORDER BY from_weight_g) AS limits
      FROM density_limit GROUP BY 1
), home AS (
    SELECT s.assignment_id, s.batch_id, s.place, s.stage_id, c.max_density_kg_m3, law.weights,
           law.limits
      FROM stay AS s
      JOIN container AS c ON c.id = s.container_id
      JOIN place AS p ON p.place = s.place
      LEFT JOIN law ON law.geography_id = p.geography_id AND s.place > 0
     WHERE %(batch)s::integer IS NULL OR s.batch_id = %(batch)s
)
SELECT h.batch_id, h.place, h.stage_id, d.date, count(*), sum(d.population), sum(d.biomass_kg),
       sum(d.deaths), sum(d.feed_kg),
       sum(d.temperature_c * d.population) / greatest(sum(d.population), 1),
       sum(d.oxygen_mg_l * d.population) / greatest(sum(d.population), 1),
       max(d.density_kg_m3 / least(h.max_density_kg_m3,
                                   h.limits[width_bucket(d.mean_weight_g, h.weights)])),
       sum(d.lice_adult_female * d.population) / greatest(sum(d.population), 1)
  FROM daily_state AS d
  JOIN home AS h USING (assignment_id)
 WHERE d.date <= %(last_day)s
 GROUP BY 1, 2, 3, 4;

-- counted --
-- The lice counts of sites: mean of the fish of all pens, against the limit of that day (the one
-- from which the law wants a site treated).
CREATE TEMPORARY TABLE counted (
    place integer NOT NULL,
    date date NOT NULL,
    pens integer NOT NULL,
    fish bigint NOT NULL,
    adult_female double precision NOT NULL,
    mobile double precision NOT NULL,
    attached double precision NOT NULL,
    treat_from double precision
);

-- fill_counted --
INSERT INTO counted
SELECT f.*, l.adult_female
  FROM (SELECT s.place, c.counted_on, count(*) AS pens, sum(c.n) AS fish,
               sum(c.n * c.adult_female) / sum(c.n) AS adult_female,
               sum(c.n * c.mobile) / sum(c.n) AS mobile,
               sum(c.n * c.attached) / sum(c.n) AS attached
          FROM lice_count AS c JOIN stay AS s USING (assignment_id)
         WHERE c.counted_on <= %(last_day)s
         GROUP BY 1, 2) AS f
  JOIN place AS p USING (place)
  LEFT JOIN lice_limit AS l
    ON l.geography_id = p.geography_id AND l.kind = 'treat'
   AND f.counted_on >= l.from_date AND f.counted_on <= coalesce(l.to_date, 'infinity')
   AND CASE WHEN l.first_month <= l.last_month
            THEN extract(month FROM f.counted_on) BETWEEN l.first_month AND l.last_month
            ELSE extract(month FROM f.counted_on) >= l.first_month
                 OR extract(month FROM f.counted_on) <= l.last_month END;

-- site_check --
-- What the authorities look at, by site and month with fish.
CREATE TEMPORARY TABLE site_check (
    place integer NOT NULL,
    month date NOT NULL,
    counts integer NOT NULL,
    lice_highest double precision,
    lice_share double precision,
    lice_above integer NOT NULL,
    lice_treatments integer NOT NULL,
    density_share double precision NOT NULL,
    mortality double precision NOT NULL,
    notices integer NOT NULL,
    medicines integer NOT NULL,
    antibiotics_kg double precision NOT NULL,
    harvests integer NOT NULL,
    harvests_inside integer NOT NULL
);

-- fill_site_check --
-- A notice is due for a week, or five weeks together, in which more fish died than agreed; a week
-- belongs to the month in which it begins. Withholding is looked at on the day of harvest.
INSERT INTO site_check
WITH fish_day AS (
    SELECT place, date, sum(population) AS fish, sum(deaths) AS deaths, sum(biomass_kg) AS kg,
           max(density_share) AS density_share
      FROM day WHERE place > 0 GROUP BY 1, 2
), week AS (
    SELECT place, date_trunc('week', date)::date AS week, max(fish + deaths) AS fish,
           sum(deaths) AS deaths, 1000 * max(kg) / nullif(max(fish), 0) AS weight_g
      FROM fish_day GROUP BY 1, 2
), judged AS (
    SELECT place, week, weight_g < %(small_below_g)s AS small, 100.0 * deaths / fish AS loss,
           100.0 * sum(deaths) OVER five / first_value(fish) OVER five AS five_loss
      FROM week WHERE fish > 0
    WINDOW five AS (PARTITION BY place ORDER BY week RANGE BETWEEN interval '28 days' PRECEDING AND CURRENT ROW)
), notice AS (
    SELECT place, date_trunc('month', week)::date AS month, count(*) AS notices
      FROM judged
     WHERE loss >= CASE WHEN small THEN %(week_small)s ELSE %(week_large)s END
        OR five_loss >= CASE WHEN small THEN %(five_weeks_small)s ELSE %(five_weeks_large)s END
     GROUP BY 1, 2
), lice AS (
    SELECT place, date_trunc('month', date)::date AS month, count(*) AS counts,
           max(adult_female) AS highest, max(adult_female / treat_from) AS share,
           count(*) FILTER (WHERE adult_female >= treat_from) AS above
      FROM counted GROUP BY 1, 2
), treated AS (
    SELECT s.place, date_trunc('month', t.start_date)::date AS month,
           count(DISTINCT t.start_date) FILTER (WHERE t.reason = 'lice') AS lice_treatments,
           count(*) FILTER (WHERE y.is_medicine) AS medicines,
           sum(t.dose_total) FILTER (WHERE y.substance IN
               ('florfenicol', 'oxytetracycline', 'amoxicillin')) AS antibiotics_kg
      FROM treatment AS t JOIN treatment_type AS y ON y.id = t.treatment_type_id
      JOIN stay AS s USING (assignment_id)
     WHERE s.place > 0 AND t.start_date <= %(last_day)s GROUP BY 1, 2
), withheld AS (
    SELECT DISTINCT h.assignment_id, h.date
      FROM harvest_event AS h JOIN withholding_period AS w USING (assignment_id)
     WHERE h.date >= w.start_date AND (w.end_date IS NULL OR h.date < w.end_date)
), cut AS (
    SELECT s.place, date_trunc('month', h.date)::date AS month, count(*) AS harvests,
           count(w.date) AS inside
      FROM harvest_event AS h JOIN stay AS s USING (assignment_id)
      LEFT JOIN withheld AS w USING (assignment_id, date)
     WHERE h.date <= %(last_day)s GROUP BY 1, 2
), stocked AS (
    SELECT place, date_trunc('month', date)::date AS month, max(density_share) AS density_share,
           100 * sum(deaths) / nullif(avg(fish), 0)::float8 AS mortality
      FROM fish_day GROUP BY 1, 2
)
SELECT place, month, coalesce(lice.counts, 0), lice.highest, lice.share, coalesce(lice.above, 0),
       coalesce(treated.lice_treatments, 0), stocked.density_share, coalesce(stocked.mortality, 0),
       coalesce(notice.notices, 0), coalesce(treated.medicines, 0),
       coalesce(treated.antibiotics_kg, 0), coalesce(cut.harvests, 0), coalesce(cut.inside, 0)
  FROM stocked
  LEFT JOIN lice USING (place, month) LEFT JOIN notice USING (place, month)
  LEFT JOIN treated USING (place, month) LEFT JOIN cut USING (place, month);
