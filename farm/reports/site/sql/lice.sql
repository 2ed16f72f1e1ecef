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
WITH treated AS (
    SELECT s.place, t.start_date AS date, bool_or(t.reason = 'lice') AS for_lice,
           min(y.name) AS treatment, count(*) AS containers
      FROM treatment AS t JOIN stay AS s USING (assignment_id)
      JOIN treatment_type AS y ON y.id = t.treatment_type_id
     WHERE s.place > 0 AND t.reason IN ('lice', 'preventive') GROUP BY 1, 2
), cut AS (
    SELECT DISTINCT s.place, h.date FROM harvest_event AS h JOIN stay AS s USING (assignment_id)
), found AS (
    SELECT place, date, adult_female, treat_from FROM counted WHERE adult_female >= treat_from
), answer AS (
    SELECT f.place, f.date, min(t.date) FILTER (WHERE t.date >= f.date) AS treated_on,
           max(t.date) FILTER (WHERE t.date < f.date AND t.for_lice) AS treated_before
      FROM found AS f LEFT JOIN treated AS t
        ON t.place = f.place AND t.date BETWEEN f.date - 14 AND f.date + %(answered_within)s
     GROUP BY 1, 2
), harvest AS (
    SELECT f.place, f.date, min(c.date) AS cut_on
      FROM found AS f JOIN cut AS c
        ON c.place = f.place AND c.date BETWEEN f.date AND f.date + %(answered_within)s
     GROUP BY 1, 2
), next AS (
    SELECT f.place, f.date, min(c.date) AS next_date
      FROM found AS f JOIN answer AS a USING (place, date)
      JOIN counted AS c ON c.place = f.place AND c.date > coalesce(a.treated_on, f.date)
     GROUP BY 1, 2
)
SELECT p.code AS place, p.name, f.date, f.adult_female, f.treat_from,
       coalesce(t.treatment, CASE WHEN h.cut_on IS NOT NULL THEN 'Harvest'
                                  WHEN a.treated_before IS NOT NULL THEN 'Treated just before' END)
           AS answer,
       coalesce(a.treated_on, h.cut_on, a.treated_before) AS answered_on,
       coalesce(a.treated_on, h.cut_on, a.treated_before) - f.date AS days, t.containers,
       n.next_date, c.adult_female AS next_count
  FROM found AS f JOIN place AS p USING (place)
  LEFT JOIN answer AS a USING (place, date)
  LEFT JOIN treated AS t ON t.place = f.place AND t.date = a.treated_on
  LEFT JOIN harvest AS h ON h.place = f.place AND h.date = f.date
  LEFT JOIN next AS n ON n.place = f.place AND n.date = f.date
  LEFT JOIN counted AS c ON c.place = f.place AND c.date = n.next_date
 ORDER BY f.date DESC, 1;

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
