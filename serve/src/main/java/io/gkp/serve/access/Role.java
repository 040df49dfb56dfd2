package io.gkp.serve.access;

import io.javalin.security.RouteRole;

/** What a caller may do, from least to most. A route that names none is open to nobody. */
public enum Role implements RouteRole {
  /** Needs no credential: says whether the server lives, and what signs in. */
  ANYBODY,
  /** Reads. */
  VIEWER,
  /** Reads, and starts, stops, resets and backfills. */
  ADMIN
}
