package io.gkp.demo;

/**
 * A question in words and the GoogleSQL that answers it, with table names relative to the dataset.
 */
record Question(String words, String sql) {}
