// Structured logs: one JSON object a line on standard error.
//
//   Log(LogLevel::kInfo, "survey published", {{"tenant", scope.tenant().value()}, {"version", version}});
//
// Never log what people wrote, their identifiers, or secrets. Thread-safe.
#ifndef CANVASS_SERVER_BASE_LOG_H_
#define CANVASS_SERVER_BASE_LOG_H_

#include <concepts>
#include <initializer_list>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace canvass {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// A name and a value, kept as JSON text.
class LogField {
 public:
  LogField(absl::string_view name, absl::string_view text);
  LogField(absl::string_view name, const char* text) : LogField(name, absl::string_view(text)) {}
  LogField(absl::string_view name, const std::string& text) : LogField(name, absl::string_view(text)) {}
  template <typename Number>
    requires std::integral<Number> || std::floating_point<Number>
  LogField(absl::string_view name, Number number) : name_(name), json_(absl::StrCat(number)) {}

 private:
  friend void Log(LogLevel, absl::string_view, std::initializer_list<LogField>);
  absl::string_view name_;
  std::string json_;
};

// Writes one line if `level` is at or above the level set by SetLogLevel (default info).
void Log(LogLevel level, absl::string_view message, std::initializer_list<LogField> fields = {});

void SetLogLevel(LogLevel level);
// True if Log() writes at `level`: saves making fields that nobody sees.
bool LogEnabled(LogLevel level);

// Takes debug, info, warning or error. InvalidArgument otherwise.
absl::StatusOr<LogLevel> ParseLogLevel(absl::string_view text);

// `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
std::string JsonString(absl::string_view text);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_LOG_H_
