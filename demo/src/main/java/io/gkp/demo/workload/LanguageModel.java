package io.gkp.demo.workload;

/** What answers questions, and how fast. */
enum LanguageModel {
  GEMINI_FLASH("vertexai", "gemini-2.5-flash", 620, 0.38),
  GEMINI_PRO("vertexai", "gemini-2.5-pro", 2300, 0.45),
  GPT_MINI("openai", "gpt-4o-mini", 880, 0.42),
  LLAMA("ollama", "llama3.1-8b", 1700, 0.60);

  final String provider;
  final String model;
  private final int medianMillis;
  private final double sigma;

  LanguageModel(String provider, String model, int medianMillis, double sigma) {
    this.provider = provider;
    this.model = model;
    this.medianMillis = medianMillis;
    this.sigma = sigma;
  }

  /** Longer answers take longer, and every model has its slow moments. */
  int generationMillis(Chance chance, int completionTokens) {
    double length = 0.6 + Math.min(completionTokens, 400) / 100.0;
    return chance.logNormal(medianMillis * length, sigma);
  }
}
