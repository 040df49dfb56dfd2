package io.gkp.demo.workload;

import java.util.List;

/** Questions that people ask a company's knowledge base, and answers to them. */
final class Prose {
  static final String REFUSAL = "The documents I can see do not answer this question.";

  private static final List<String> SUBJECTS =
      List.of(
          "travel expenses",
          "parental leave",
          "the incident escalation path",
          "vendor onboarding",
          "customer data retention",
          "laptop replacement",
          "the on-call rota",
          "invoice approval",
          "access to production",
          "the quarterly audit",
          "remote work abroad",
          "security training",
          "contract renewals",
          "the disaster recovery drill");

  private static final List<String> QUESTIONS =
      List.of(
          "What is the policy on %s?",
          "Who approves requests about %s?",
          "Where can I read about %s?",
          "What changed about %s this year?",
          "Which form do I need for %s, and by when?",
          "Can a contractor ask for an exception on %s?");

  private static final List<String> ANSWERS =
      List.of(
          "The rules on %s are in section %d of the handbook; the owner reviews them each quarter [1].",
          "Requests about %s go to the service desk and are answered within %d working days [1].",
          "Up to %2$d,000 EUR the line manager approves %1$s; above that, finance signs as well [2].",
          "For %s, fill in form F-%d and attach the written consent of the department head [1][2].",
          "Since release %2$d of the guideline, %1$s also covers contractors with a signed NDA [1].");

  private static final List<String> FOLDERS =
      List.of("handbook", "finance", "security", "people", "operations", "legal");

  private Prose() {}

  static String subject(Chance chance) {
    return chance.pick(SUBJECTS);
  }

  static String question(Chance chance, String subject) {
    return chance.pick(QUESTIONS).formatted(subject);
  }

  static String answer(Chance chance, String subject) {
    StringBuilder answer = new StringBuilder();
    int sentences = 1 + chance.weighted(60, 30, 10);
    int first = chance.between(0, ANSWERS.size() - 1);
    for (int i = 0; i < sentences; i++) {
      String template = ANSWERS.get((first + i) % ANSWERS.size());
      String sentence = template.formatted(subject, chance.between(2, 30));
      answer.append(i == 0 ? "" : " ").append(sentence);
    }
    return answer.toString();
  }

  /** An answer of about 10 kB that does not compress, so that Postgres stores it out of line. */
  static String listing(Chance chance, String subject) {
    StringBuilder answer = new StringBuilder("These records mention " + subject + ":\n");
    for (int i = 1; i <= 120; i++) {
      answer.append(i).append(". ").append(document(chance)).append(' ').append(chance.hex(64));
      answer.append('\n');
    }
    return answer.toString();
  }

  static String document(Chance chance) {
    return chance.pick(FOLDERS) + "/" + chance.between(100, 999) + ".md";
  }
}
