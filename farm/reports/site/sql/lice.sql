-- Lice counts against the limits, and what was done about them.

-- months --
-- The highest count of each site and month, as a share of its limit.
SELECT p.code AS place, p.name, p.geography, date_trunc('month', c.date)::date AS month,
       count(*) AS counts, sum(c.fish * c.adult_female) / sum(c.fish)::float8 AS adult_female,
       max(c.adult_female) AS highest, min(c.treat_from) AS treat_from,
       max(c.adult_female / c.treat_from) AS share,
       count(*) FILTER (WHERE c.adult_female >= c.treat_from) AS above
  FROM counted AS c JOIN place AS p USING (place)
 GROUP BY 1, 2, 3, 4 ORDER BY p.geography, p.code, 4;

-- weeks --
-- Adult females per fish in all counts of a month of the year: the season.
SELECT p.geography, date_trunc('month', c.date)::date AS month,
       sum(c.fish * c.adult_female) / sum(c.fish)::float8 AS adult_female,
       sum(c.fish * c.mobile) / sum(c.fish)::float8 AS mobile,
       sum(c.fish * c.attached) / sum(c.fish)::float8 AS attached, count(*) AS counts,
       100.0 * count(*) FILTER (WHERE c.adult_female >= c.treat_from) / count(*) AS above_percent
  FROM counted AS c JOIN place AS p USING (place) GROUP BY 1, 2 ORDER BY 1, 2;

-- exceedances --
-- Every count at or above the limit, what was done first about it, and the next count after that.
SELECT p.code AS place, p.name, c.date, c.adult_female, c.treat_from, c.pens,
       coalesce(t.treatment, CASE WHEN h.date IS NOT NULL THEN 'Harvest'
                                  WHEN b.date IS NOT NULL THEN 'Treated just before' END) AS answer,
       coalesce(t.date, h.date, b.date) AS answered_on,
       coalesce(t.date, h.date, b.date) - c.date AS days, t.containers,
       n.date AS next_date, n.adult_female AS next_count
  FROM counted AS c JOIN place AS p USING (place)
  LEFT JOIN LATERAL (
      SELECT u.start_date AS date, min(y.name) AS treatment, count(*) AS containers
        FROM treatment AS u JOIN stay AS s USING (assignment_id)
        JOIN treatment_type AS y ON y.id = u.treatment_type_id
       WHERE s.place = c.place AND u.reason IN ('lice', 'preventive')
         AND u.start_date BETWEEN c.date AND c.date + %(answered_within)s
       GROUP BY 1 ORDER BY 1 LIMIT 1) AS t ON true
  LEFT JOIN LATERAL (
      SELECT e.date FROM harvest_event AS e JOIN stay AS s USING (assignment_id)
       WHERE s.place = c.place AND e.date BETWEEN c.date AND c.date + %(answered_within)s
       ORDER BY 1 LIMIT 1) AS h ON true
  LEFT JOIN LATERAL (
      SELECT max(u.start_date) AS date FROM treatment AS u JOIN stay AS s USING (assignment_id)
       WHERE s.place = c.place AND u.reason = 'lice'
         AND u.start_date BETWEEN c.date - 14 AND c.date) AS b ON true
  LEFT JOIN LATERAL (
      SELECT x.date, x.adult_female FROM counted AS x
       WHERE x.place = c.place AND x.date > coalesce(t.date, c.date) ORDER BY 1 LIMIT 1) AS n ON true
 WHERE c.adult_female >= c.treat_from AND c.date <= %(last_day)s
 ORDER BY c.date DESC, 1;

-- sites --
-- The sites over all years.
SELECT p.code AS place, p.name, p.geography, p.area, count(*) AS counts,
       sum(c.fish * c.adult_female) / sum(c.fish)::float8 AS adult_female, max(c.adult_female) AS highest,
       count(*) FILTER (WHERE c.adult_female >= c.treat_from) AS above,
       100.0 * count(*) FILTER (WHERE c.adult_female >= c.treat_from) / count(*) AS above_percent,
       (SELECT count(DISTINCT t.start_date) FROM treatment AS t JOIN stay AS s USING (assignment_id)
         WHERE s.place = p.place AND t.reason = 'lice' AND t.start_date <= %(last_day)s) AS treatment_days
  FROM counted AS c JOIN place AS p USING (place)
 GROUP BY p.place, 1, 2, 3, 4 ORDER BY 9 DESC, 1;
