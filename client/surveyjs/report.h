// Gathers the notes of one exchange.
//
//   Report report;
//   report.Add(path, absl::StrCat("the type ", Quoted(type), " is unknown: left out"));
//
// Not thread-safe.
#ifndef CANVASS_CLIENT_SURVEYJS_REPORT_H_
#define CANVASS_CLIENT_SURVEYJS_REPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "client/surveyjs/note.h"

namespace canvass::surveyjs {

class Report {
 public:
  // More than this say nothing new; the last note tells that there were more.
  static constexpr std::size_t kMaxNotes = 1000;

  // The same note is taken once.
  void Add(absl::string_view path, absl::string_view message);
  std::vector<Note> Take() && { return std::move(notes_); }
  const std::vector<Note>& notes() const { return notes_; }

 private:
  std::vector<Note> notes_;
  absl::flat_hash_set<std::string> told_;
};

// The first `max_characters` of the UTF-8 `text`.
std::string Shortened(absl::string_view text, std::size_t max_characters);

// `text` in quotes as a note shows it: at most 100 characters, on one line.
std::string Quoted(absl::string_view text);

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_REPORT_H_
