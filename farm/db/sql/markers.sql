-- What the markers of committed chunks say, for whoever makes the chunks again.

-- markers --
-- All of them: session by session, simulations first, then month by month.
SELECT c.chunk, m.sha256
  FROM ops.chunk_commit AS m JOIN ops.chunk AS c USING (session, chunk)
 ORDER BY c.session, c.month NULLS FIRST, c.chunk COLLATE "C";
