// What the server itself says on respondents' pages, in the respondent's language: texts/<language>.txt.
//
//   const Sentences sentences = Sentences::In("de-AT");
//   sentences.Get("next");                                 // Weiter
//   sentences.Fill("problem_too_long", {{"max", "100"}});  // Bitte schreiben Sie höchstens 100 Zeichen.
//
// Thread-safe: it never changes.
#ifndef CANVASS_SERVER_HTTP_PAGES_SENTENCES_H_
#define CANVASS_SERVER_HTTP_PAGES_SENTENCES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace canvass::http {

class Sentences {
 public:
  // By key, in one language.
  using Table = absl::flat_hash_map<absl::string_view, absl::string_view>;

  // Those of the primary subtag of `language`, in English where there are none.
  static Sentences In(absl::string_view language);
  // As they stand in the file of `language`; empty if there is none.
  static Table TableOf(absl::string_view language);
  // The languages that have a file.
  static std::vector<std::string> Languages();

  // The language that they are in, for example `de`.
  const std::string& language() const { return language_; }
  absl::string_view Get(absl::string_view key) const;
  // With `{name}` replaced by the value of each.
  std::string Fill(absl::string_view key, const std::vector<std::pair<absl::string_view, std::string>>& values) const;

 private:
  Sentences(std::string language, const Table& table, const Table& english)
      : language_(std::move(language)), table_(table), english_(english) {}

  std::string language_;
  const Table& table_;
  const Table& english_;
};

// The languages of an Accept-Language header (RFC 9110), the most wanted first; what is not well formed is left out.
std::vector<std::string> PreferredLanguages(absl::string_view accept_language);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_SENTENCES_H_
