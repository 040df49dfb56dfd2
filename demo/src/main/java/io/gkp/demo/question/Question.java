package io.gkp.demo.question;

/**
 * A question in words and the GoogleSQL that answers it, with table names relative to the dataset.
 */
public record Question(String words, String sql) {}
