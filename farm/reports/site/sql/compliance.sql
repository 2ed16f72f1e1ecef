-- What the authorities look at, by site and month; `site_check` of ground.sql holds it.

-- months --
-- Every site and month with fish.
SELECT p.code AS place, p.name, p.geography, c.month, c.counts, c.lice_highest,
       100 * c.lice_share AS lice_percent, c.lice_above, c.lice_treatments,
       100 * c.density_share AS density_percent, c.mortality, c.notices, c.medicines,
       c.antibiotics_kg, c.harvests, c.harvests_inside,
       (c.lice_above > 0)::int + (c.density_share > 1)::int + (c.notices > 0)::int
           + (c.harvests_inside > 0)::int AS remarks,
       CASE WHEN (c.lice_above > 0)::int + (c.density_share > 1)::int + (c.notices > 0)::int
                 + (c.harvests_inside > 0)::int > 1 THEN 'several rules'
            WHEN c.lice_above > 0 THEN 'lice at or above the limit'
            WHEN c.density_share > 1 THEN 'too dense'
            WHEN c.notices > 0 THEN 'mortality to be notified'
            WHEN c.harvests_inside > 0 THEN 'harvest inside withholding'
            WHEN c.medicines > 0 THEN 'nothing, medicine used'
            ELSE 'nothing' END AS remark
  FROM site_check AS c JOIN place AS p USING (place)
 ORDER BY p.geography, p.code, c.month;

-- years --
-- The same by year and geography.
SELECT extract(year FROM c.month)::int AS year, p.geography, count(*) AS site_months,
       sum(c.counts)::int AS counts, sum(c.lice_above)::int AS lice_above,
       100 * max(c.density_share) AS density_percent,
       count(*) FILTER (WHERE c.density_share > 1) AS too_dense, sum(c.notices)::int AS notices,
       100.0 * count(*) FILTER (WHERE c.notices > 0) / count(*) AS notice_percent,
       sum(c.medicines)::int AS medicines, sum(c.antibiotics_kg) AS antibiotics_kg,
       sum(c.harvests)::int AS harvests, sum(c.harvests_inside)::int AS harvests_inside
  FROM site_check AS c JOIN place AS p USING (place)
 GROUP BY 1, 2 ORDER BY 1, 2;

-- sites --
-- The same by site over all years, the most often remarked on first.
SELECT p.code AS place, p.name, p.geography, count(*) AS months, sum(c.counts)::int AS counts,
       sum(c.lice_above)::int AS lice_above, 100 * max(c.density_share) AS density_percent,
       sum(c.notices)::int AS notices, sum(c.medicines)::int AS medicines,
       sum(c.antibiotics_kg) AS antibiotics_kg, sum(c.harvests)::int AS harvests,
       sum(c.harvests_inside)::int AS harvests_inside,
       100.0 * count(*) FILTER (WHERE c.lice_above > 0 OR c.density_share > 1 OR c.notices > 0
                                   OR c.harvests_inside > 0) / count(*) AS remarked_percent
  FROM site_check AS c JOIN place AS p USING (place)
 GROUP BY 1, 2, 3 ORDER BY remarked_percent DESC, 1;

-- worst --
-- Months in which a notice of mortality was due, the heaviest losses first, with the main cause.
WITH worst AS (
    SELECT place, month, mortality, notices FROM site_check WHERE notices > 0
     ORDER BY mortality DESC, place, month LIMIT 40
)
SELECT p.code AS place, p.name, c.month, c.mortality, c.notices, x.cause, x.share
  FROM worst AS c JOIN place AS p USING (place)
  LEFT JOIN LATERAL (
      SELECT k.name AS cause, 100.0 * sum(m.count) / nullif(sum(sum(m.count)) OVER (), 0) AS share
        FROM mortality_event AS m JOIN stay AS s USING (assignment_id)
        JOIN mortality_cause AS k ON k.id = m.mortality_cause_id
       WHERE s.place = c.place AND m.date >= c.month AND m.date < c.month + interval '1 month'
       GROUP BY k.id ORDER BY sum(m.count) DESC LIMIT 1) AS x ON true
 ORDER BY c.mortality DESC, c.place, c.month;
