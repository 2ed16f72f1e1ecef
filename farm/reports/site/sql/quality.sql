-- What the last run of `farm validate` found.

-- checks --
-- Every check: what was measured, and the limits; why one could not be asked, and the first row
-- that broke it.
SELECT check_group, check_id, title, passed, measured, low, high,
       CASE unit WHEN 'offenders' THEN 'rows' WHEN '1' THEN '' ELSE unit END AS unit, source,
       offenders -> 0 ->> 'could not be asked' AS unasked, offenders ->> 0 AS example, run_time
  FROM ops.check_result WHERE run_time = (SELECT max(run_time) FROM ops.check_result)
 ORDER BY CASE check_group WHEN 'integrity' THEN 1 WHEN 'business' THEN 2 ELSE 3 END, passed, check_id;

-- runs --
-- All runs.
SELECT run_time, session, count(*) AS checks, count(*) FILTER (WHERE passed) AS passed,
       count(*) FILTER (WHERE NOT passed) AS failed
  FROM ops.check_result GROUP BY 1, 2 ORDER BY 1 DESC;
