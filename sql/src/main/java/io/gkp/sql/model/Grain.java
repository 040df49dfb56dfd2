package io.gkp.sql.model;

import java.util.List;

/**
 * What a row of a model is.
 *
 * @param row what one row stands for
 * @param key the columns that tell rows apart; of a raw table, those of its source's rows
 * @param tiebreak what decides where several source rows compete for one row; "none" where none do
 */
public record Grain(String row, List<String> key, String tiebreak) {}
