-- Water and sensors. Bands are in config/reference/bands.csv; W Scotland is what lies west of 4 °W:
-- Orkney and Shetland are about a degree colder (EN25).

-- sea_temperature --
-- Mean sea temperature of a month
-- The daily truth of all sites, over all years.
-- Needs: 3 years
WITH band (geography, month, band) AS (VALUES
    ('FO', 1, 'EN01'), ('FO', 2, 'EN02'), ('FO', 3, 'EN03'), ('FO', 4, 'EN04'),
    ('FO', 5, 'EN05'), ('FO', 6, 'EN06'), ('FO', 7, 'EN07'), ('FO', 8, 'EN08'),
    ('FO', 9, 'EN09'), ('FO', 10, 'EN10'), ('FO', 11, 'EN11'), ('FO', 12, 'EN12'),
    ('SC', 1, 'EN13'), ('SC', 2, 'EN14'), ('SC', 3, 'EN15'), ('SC', 4, 'EN16'),
    ('SC', 5, 'EN17'), ('SC', 6, 'EN18'), ('SC', 7, 'EN19'), ('SC', 8, 'EN20'),
    ('SC', 9, 'EN21'), ('SC', 10, 'EN22'), ('SC', 11, 'EN23'), ('SC', 12, 'EN24')
), day AS (
    SELECT s.geography, d.date, d.temperature_c
      FROM site_day AS d
      JOIN site_place AS s USING (site_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s AND (s.geography = 'FO' OR s.longitude < -4)
)
SELECT band.geography || '-' || lpad(band.month::text, 2, '0') AS subject, band.band,
       avg(d.temperature_c) AS measured, count(DISTINCT extract(year FROM d.date)) AS had
  FROM band
  JOIN day AS d ON d.geography = band.geography AND extract(month FROM d.date) = band.month
 GROUP BY 1, 2
 ORDER BY 1;

-- weekly_sea_temperature --
-- Sea temperature of a week in W Scotland
-- Median and 95th percentile. The published 5th is left out: it is of each day's warmest tenth, and
-- lies above what EN14 and EN15 say of the mean of February and March.
-- Needs: 2 years
WITH week AS (
    SELECT d.site_id, date_trunc('week', d.date::timestamp) AS week, avg(d.temperature_c) AS t
      FROM site_day AS d
      JOIN site_place AS s USING (site_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s AND s.geography = 'SC' AND s.longitude < -4
     GROUP BY 1, 2
), figure AS (
    SELECT count(DISTINCT extract(year FROM week)) AS had,
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY t) AS p
      FROM week
)
SELECT part.subject, part.measured, part.band, had
  FROM figure, LATERAL (VALUES ('median', p[1], 'EN26'),
                               ('p95', p[2], 'EN26.p95')) AS part (subject, measured, band);

-- sea_temperature_between_years --
-- Standard deviation of a month's sea temperature between years
-- At one site, as at a coastal station; root mean square over sites and calendar months.
-- Needs: 8 years
WITH month AS (
    SELECT site_id, date_trunc('month', date::timestamp) AS month, avg(temperature_c) AS t
      FROM site_day WHERE date >= %(first)s AND date < %(after)s
     GROUP BY 1, 2
), spread AS (
    SELECT site_id, extract(month FROM month) AS month, var_samp(t) AS variance, count(*) AS years
      FROM month GROUP BY 1, 2
)
SELECT s.geography AS subject, 'EN31' AS band, sqrt(avg(d.variance)) AS measured, min(d.years) AS had
  FROM spread AS d
  JOIN site_place AS s USING (site_id)
 GROUP BY 1
 ORDER BY 1;

-- sea_temperature_persistence --
-- Lag-1 autocorrelation of the daily sea temperature anomaly
-- The anomaly is against the site's mean of that day of the year; mean over the sites.
-- Needs: 5 years
WITH anomaly AS (
    SELECT site_id, date,
           temperature_c - avg(temperature_c) OVER (PARTITION BY site_id, to_char(date, 'MM-DD')) AS t
      FROM site_day WHERE date >= %(first)s AND date < %(after)s
), pair AS (
    SELECT site_id, date, t, lag(t) OVER (PARTITION BY site_id ORDER BY date) AS before FROM anomaly
), persistence AS (
    SELECT site_id, corr(t, before) AS r, count(DISTINCT extract(year FROM date)) AS years
      FROM pair GROUP BY 1
)
SELECT s.geography AS subject, 'EN28' AS band, avg(p.r) AS measured, min(p.years) AS had
  FROM persistence AS p
  JOIN site_place AS s USING (site_id)
 GROUP BY 1
 ORDER BY 1;

-- neighbouring_sites --
-- Correlation of the temperature anomalies of neighbouring sites
-- Closer than 30 km; it must be higher than that of sites further apart than 60 km. The anomaly is
-- against the site's mean of the month; one day of each week.
-- Unit: correlation
-- Needs: 3 pairs of near and of far sites
-- Source: neighbouring sites move together
WITH anomaly AS (
    SELECT site_id, date,
           temperature_c - avg(temperature_c) OVER (PARTITION BY site_id, extract(month FROM date))
               AS t
      FROM site_day
     WHERE date >= %(first)s AND date < %(after)s AND extract(isodow FROM date) = 1
), place AS (
    SELECT site_id AS id, geography, radians(latitude) AS latitude,
           radians(longitude) AS longitude
      FROM site_place
), pair AS (
    SELECT a.geography, a.id AS id, b.id AS other_id,
           2 * 6371 * asin(sqrt(sin((b.latitude - a.latitude) / 2) ^ 2
               + cos(a.latitude) * cos(b.latitude) * sin((b.longitude - a.longitude) / 2) ^ 2))
               AS km
      FROM place AS a JOIN place AS b ON b.geography = a.geography AND b.id > a.id
), related AS (
    SELECT p.geography, p.id, p.other_id, p.km, corr(x.t, y.t) AS r
      FROM pair AS p
      JOIN anomaly AS x ON x.site_id = p.id
      JOIN anomaly AS y ON y.site_id = p.other_id AND y.date = x.date
     WHERE p.km < 30 OR p.km > 60
     GROUP BY 1, 2, 3, 4
)
SELECT geography AS subject, avg(r) FILTER (WHERE km < 30) AS measured,
       coalesce(avg(r) FILTER (WHERE km > 60), 0) AS low, 1 AS high,
       least(count(*) FILTER (WHERE km < 30), count(*) FILTER (WHERE km > 60)) AS had
  FROM related
 GROUP BY 1
 ORDER BY 1;

-- oxygen_in_pens --
-- Oxygen in pens against saturation
-- Of the history's days; saturation after Garcia & Gordon 1992.
-- Needs: 5000 days of pens
WITH day AS (
    SELECT p.geography,
           100 * d.oxygen_mg_l / pg_temp.oxygen_saturation(d.temperature_c, d.salinity_psu) AS share
      FROM daily_state AS d
      JOIN assignment AS a ON a.id = d.assignment_id
      JOIN container_place AS p USING (container_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s AND p.site_id IS NOT NULL
), figure AS (
    SELECT geography, count(*) AS had,
           percentile_cont(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY share) AS p
      FROM day GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, part.band, had
  FROM figure, LATERAL (VALUES ('p5', p[1], 'EN42.p5'), ('median', p[2], 'EN42'),
                               ('p95', p[3], 'EN42.p95')) AS part (subject, measured, band)
 ORDER BY 1;

-- oxygen_supersaturation --
-- Highest oxygen of any day against saturation
-- In pens, tanks and trays, and in the open water of the sites. A tenth of a per cent is left for the
-- rounding of oxygen and temperature.
-- Unit: per cent of saturation
-- Needs: 1 days
-- Source: above 115 per cent gas bubbles harm fish; no farm lets it come to that
WITH day AS (
    SELECT max(oxygen_mg_l / pg_temp.oxygen_saturation(temperature_c, coalesce(salinity_psu, 0)))
               AS share, count(*) AS n
      FROM daily_state WHERE date >= %(first)s AND date < %(after)s
    UNION ALL
    SELECT max(oxygen_mg_l / pg_temp.oxygen_saturation(temperature_c, salinity_psu)), count(*)
      FROM site_day WHERE date >= %(first)s AND date < %(after)s
)
SELECT NULL AS subject, 100 * max(share) AS measured, sum(n) AS had, 0 AS low, 115.1 AS high FROM day;

-- salinity --
-- Salinity of the sea
-- 5th and 95th percentile of the days of all sites.
-- Needs: 300 days of sites
WITH band (geography, band) AS (VALUES ('FO', 'EN32'), ('SC', 'EN33')),
figure AS (
    SELECT s.geography, count(*) AS had,
           percentile_cont(ARRAY[0.05, 0.95]) WITHIN GROUP (ORDER BY d.salinity_psu) AS p
      FROM site_day AS d
      JOIN site_place AS s USING (site_id)
     WHERE d.date >= %(first)s AND d.date < %(after)s
     GROUP BY 1
)
SELECT geography || ' ' || part.subject AS subject, part.measured, band.band, had
  FROM figure JOIN band USING (geography),
       LATERAL (VALUES ('p5', p[1]), ('p95', p[2])) AS part (subject, measured)
 ORDER BY 1;

-- ph --
-- pH of the sea and of recirculated water
-- Median of the days of sites and of fish in recirculation.
-- Needs: 300 days
WITH sea AS (
    SELECT count(*) AS had, percentile_cont(0.5) WITHIN GROUP (ORDER BY ph) AS median
      FROM site_day WHERE date >= %(first)s AND date < %(after)s
), ras AS (
    SELECT count(*) AS had, percentile_cont(0.5) WITHIN GROUP (ORDER BY d.ph) AS median
      FROM daily_state AS d
      JOIN assignment AS a ON a.id = d.assignment_id
      JOIN container_place AS p USING (container_id)
      JOIN station AS s ON s.id = p.station_id AND s.water_source = 'ras'
     WHERE d.date >= %(first)s AND d.date < %(after)s
)
SELECT 'sea' AS subject, median AS measured, 'EN34a' AS band, had FROM sea
UNION ALL
SELECT 'recirculation', median, 'EN34b', had FROM ras;

-- hatchery_temperature --
-- Temperature of fresh water
-- Lowest and highest hundredth of the days of eggs, of fish in recirculation and of fish in
-- flow-through stations.
-- Needs: 300 days
WITH day AS (
    SELECT CASE WHEN h.stage_order = 1 THEN 'eggs' ELSE s.water_source END AS water, d.temperature_c
      FROM daily_state AS d
      JOIN lifecycle_stage AS h ON h.id = d.lifecycle_stage_id
      JOIN assignment AS a ON a.id = d.assignment_id
      JOIN container_place AS p USING (container_id)
      JOIN station AS s ON s.id = p.station_id
     WHERE d.date >= %(first)s AND d.date < %(after)s
), band (water, band) AS (
    VALUES ('eggs', 'EN44a'), ('ras', 'EN44'), ('flow_through', 'EN44b')
), figure AS (
    SELECT water, count(*) AS had,
           percentile_cont(ARRAY[0.01, 0.99]) WITHIN GROUP (ORDER BY temperature_c) AS p
      FROM day GROUP BY 1
)
SELECT water || ' ' || part.subject AS subject, part.measured, band.band, had
  FROM figure JOIN band USING (water),
       LATERAL (VALUES ('p1', p[1]), ('p99', p[2])) AS part (subject, measured)
 ORDER BY 1;

-- carbon_dioxide --
-- Carbon dioxide in smolt tanks
-- Mean of the readings; outliers are left out.
-- Needs: 12 months of sensors
SELECT NULL AS subject, avg(r.mean_value) AS measured, 'EN45' AS band, count(*) AS had
  FROM reading_month AS r
  JOIN environmental_parameter AS e ON e.id = r.environmental_parameter_id AND e.code = 'co2'
  JOIN assignment AS a ON a.id = r.assignment_id
  JOIN lifecycle_stage AS s ON s.id = a.lifecycle_stage_id AND s.code IN ('smolt', 'post_smolt');

-- oxygen_at_dawn --
-- Share of months in which a pen has less oxygen at dawn than in the afternoon
-- By sensor. Fish breathe all night, and nothing makes oxygen.
-- Unit: share of months
-- Needs: 24 months of sensors
-- Source: EN42 [from memory, to be verified] dawn minimum
SELECT NULL AS subject, avg((r.dawn_oxygen < r.afternoon_oxygen)::int)::double precision AS measured,
       count(*) AS had, 0.95 AS low, 1.0 AS high
  FROM reading_month AS r JOIN container_place AS p USING (container_id)
 WHERE p.site_id IS NOT NULL AND r.assignment_id IS NOT NULL
   AND r.dawn_oxygen IS NOT NULL AND r.afternoon_oxygen IS NOT NULL;

-- readings_follow_the_truth --
-- Mean difference between readings and the history
-- Months of the sensors of stocked containers. A sensor's noise and drift average out; what is left
-- must be below the noise of one reading.
-- Unit: unit of the parameter
-- Needs: 24 months of sensors
-- Source: scenario, sensors.noise
WITH compared AS (
    SELECT e.code, e.id, r.mean_value - t.mean AS off
      FROM reading_month AS r
      JOIN environmental_parameter AS e ON e.id = r.environmental_parameter_id
      JOIN water_month AS t ON t.whose = r.assignment_id AND t.month = r.month
                           AND t.parameter = e.code
)
SELECT code AS subject, avg(off) AS measured, count(off) AS had,
       -(%(sensor_noise)s::double precision[])[id] AS low,
       (%(sensor_noise)s::double precision[])[id] AS high
  FROM compared
 WHERE off IS NOT NULL
 GROUP BY code, id
 ORDER BY id;

-- outliers --
-- Share of readings that are outliers
-- Limits are four standard deviations of the count.
-- Unit: share of readings
-- Needs: 100000 readings
-- Source: scenario, sensors.outlier_share
WITH counted AS (SELECT sum(outliers) AS outliers, sum(readings) AS n FROM reading_month)
SELECT NULL AS subject, (outliers / n)::double precision AS measured, n AS had,
       %(outlier_share)s - 4 * sqrt(%(outlier_share)s * (1 - %(outlier_share)s) / n) AS low,
       %(outlier_share)s + 4 * sqrt(%(outlier_share)s * (1 - %(outlier_share)s) / n) AS high
  FROM counted WHERE n > 0;

-- drifting --
-- Share of readings that are flagged for drift
-- A drift lasts until the next calibration, so that only many calibrations make a share.
-- Unit: share of readings
-- Needs: 500 calibrations
-- Source: scenario, sensors.drift and sensors.drift_flagged
WITH counted AS (SELECT sum(drifting) AS drifting, sum(readings) AS n FROM reading_month),
calibrated AS (
    SELECT count(*) AS n FROM sensor_calibration
     WHERE calibrated_on >= %(first)s AND calibrated_on < %(after)s
)
SELECT NULL AS subject, (c.drifting / c.n)::double precision AS measured, k.n AS had,
       0.5 * %(drift_share)s AS low, 2 * %(drift_share)s AS high
  FROM counted AS c, calibrated AS k WHERE c.n > 0;

-- missing_readings --
-- Share of the readings of stocked containers that outages cost
-- There should be as many as sensors times days with fish times readings a day. Limits are four
-- standard deviations of a sum of exponential outages.
-- Unit: share of readings
-- Needs: 20 years of sensors
-- Source: scenario, sensors.outages
WITH stocked AS (
    SELECT a.container_id, count(*) AS days
      FROM daily_state AS d JOIN assignment AS a ON a.id = d.assignment_id
     WHERE d.date >= %(first)s AND d.date < %(after)s
     GROUP BY 1
), expected AS (
    SELECT sum(s.days)::double precision AS days FROM stocked AS s JOIN sensor USING (container_id)
), held AS (
    SELECT coalesce(sum(readings), 0) AS n FROM reading_month WHERE assignment_id IS NOT NULL
), figure AS (
    SELECT 1 - h.n / (e.days * %(readings_per_day)s) AS missing, e.days / 365.25 AS years,
           4 * sqrt(2 / nullif(e.days / 365.25 * %(outages_per_year)s, 0)) AS spread
      FROM expected AS e, held AS h
)
SELECT NULL AS subject, missing AS measured, floor(years)::bigint AS had,
       %(outage_share)s * greatest(1 - coalesce(spread, 0), 0) AS low,
       %(outage_share)s * (1 + coalesce(spread, 0)) AS high
  FROM figure;
