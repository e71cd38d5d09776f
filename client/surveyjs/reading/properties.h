// One object of a SurveyJS document, read property by property, so that what nobody read can be told at the end.
//
//   Properties properties(element, "pages[0].elements[2]");
//   const bool required = properties.TakeFlag("isRequired");
//   …
//   properties.ReportRest(report);   // "not carried over: placeholder 'Your city', width '50%'"
//
// Not thread-safe. The object must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_PROPERTIES_H_
#define CANVASS_CLIENT_SURVEYJS_READING_PROPERTIES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// The property of that name; nullptr if it is absent or null, or if `object` is none.
const nlohmann::json* FindProperty(const nlohmann::json& object, absl::string_view name);

class Properties {
 public:
  Properties(const nlohmann::json& object, std::string path) : object_(object), path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  std::string PathOf(absl::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }

  // The property, remembered as read; nullptr if it is absent or null.
  const nlohmann::json* Take(absl::string_view name);
  // Texts as they are, numbers and booleans as text; empty if it is absent.
  std::string TakeText(absl::string_view name);
  bool TakeFlag(absl::string_view name, bool otherwise = false);
  std::optional<double> TakeNumber(absl::string_view name);
  // Remembers properties as read that say nothing about what is asked: names, versions, what SurveyJS does anyway.
  void Ignore(std::initializer_list<absl::string_view> names);

  // Adds a note for each property that nobody read and that changes what is asked or taken, and one for all others.
  void ReportRest(Report& report) const;
  // The names of those that nobody read, for a list of objects that are reported together.
  std::vector<std::string> Rest() const;

 private:
  const nlohmann::json& object_;
  std::string path_;
  absl::flat_hash_set<std::string> taken_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_PROPERTIES_H_
