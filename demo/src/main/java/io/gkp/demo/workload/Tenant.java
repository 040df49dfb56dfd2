package io.gkp.demo.workload;

import java.util.List;

/**
 * A customer of the platform.
 *
 * @param dailyQueries how many questions it asks on a working day, on average
 * @param documents how many documents its knowledge base holds at the start
 * @param people how many of its people ask
 * @param model the model it uses most
 */
record Tenant(String id, int dailyQueries, int documents, int people, LanguageModel model) {
  static final List<Tenant> ALL =
      List.of(
          new Tenant("aldergate-bank", 38, 5200, 60, LanguageModel.GEMINI_FLASH),
          new Tenant("harbour-freight", 27, 2300, 45, LanguageModel.GPT_MINI),
          new Tenant("meridian-health", 24, 3900, 38, LanguageModel.GEMINI_PRO),
          new Tenant("solaris-energy", 18, 1450, 22, LanguageModel.GEMINI_FLASH),
          new Tenant("tessera-retail", 13, 820, 17, LanguageModel.LLAMA),
          new Tenant("quarry-pilot", 6, 140, 5, LanguageModel.GPT_MINI));

  /** The tenant that leaves in the second act, with all its rows. */
  static final Tenant LEAVING = ALL.get(ALL.size() - 1);

  String person(Chance chance) {
    return "user" + chance.between(1, people) + "@" + id + ".example";
  }
}
