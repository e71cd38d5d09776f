#include "client/cli/output/printer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/time/time.h"
#include "client/charts/number_text.h"
#include "client/charts/text_width.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/message_json.h"
#include "client/cli/output/yaml.h"

namespace canvass::cli {

absl::Status Printer::PrintAs(const google::protobuf::Message& message, absl::string_view text) {
  if (format_ == Format::kName) return PrintNames({""});
  if (format_ != Format::kTable) return PrintMessages({&message}, true);
  PrintText(text);
  return absl::OkStatus();
}

void Printer::Note(absl::string_view text) { err_ << charts::Printable(text) << "\n" << std::flush; }

absl::Status Printer::PrintMessages(const std::vector<const google::protobuf::Message*>& messages, bool one) {
  if (format_ == Format::kYaml) {
    bool first = true;
    for (const google::protobuf::Message* message : messages) {
      out_ << (first ? "" : "---\n") << YamlText(ToJson(*message));
      first = false;
    }
    out_ << std::flush;
    return absl::OkStatus();
  }
  if (one) {
    PrintText(JsonText(ToJson(*messages.front())));
    return absl::OkStatus();
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const google::protobuf::Message* message : messages) list.push_back(ToJson(*message));
  PrintText(JsonText(list));
  return absl::OkStatus();
}

absl::Status Printer::PrintNames(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (name.empty()) return UsageError("this has no name; use -o table, json or yaml");
    out_ << name << "\n";
  }
  out_ << std::flush;
  return absl::OkStatus();
}

void Printer::PrintFields(const std::vector<TableColumn>& titles, const std::vector<std::string>& texts) {
  int width = 0;
  for (const TableColumn& title : titles) width = std::max(width, charts::DisplayWidth(title.title));
  for (std::size_t i = 0; i < titles.size(); ++i) {
    if (texts[i].empty()) continue;
    out_ << charts::Paint(terminal_.out, charts::Color::kBold, charts::PadRight(titles[i].title, width)) << "  "
         << charts::Printable(texts[i]) << "\n";
  }
  out_ << std::flush;
}

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

std::string SpanText(const google::protobuf::Duration& duration) {
  const absl::Duration span = absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
  return span == absl::ZeroDuration() ? "" : charts::DurationText(span);
}

}  // namespace canvass::cli
