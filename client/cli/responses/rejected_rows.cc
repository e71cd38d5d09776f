#include "client/cli/responses/rejected_rows.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/charts/number_text.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {
namespace {

constexpr char kProblem[] = "problem";
constexpr std::size_t kTold = 3;
// Reasons that all differ say nothing when counted.
constexpr std::size_t kMaxReasons = 1000;

std::string FaultText(const RowFault& fault) {
  return fault.column.empty() ? fault.message : absl::StrCat(fault.column, ": ", fault.message);
}

// Without what is quoted: that another value is as wrong is no other reason.
std::string ReasonText(const RowFault& fault) {
  std::string reason;
  bool quoted = false;
  for (const char c : FaultText(fault)) {
    if (c == '\'') {
      quoted = !quoted;
      absl::StrAppend(&reason, quoted ? "'…'" : "");
    } else if (!quoted) {
      reason.push_back(c);
    }
  }
  return reason;
}

}  // namespace

std::string RejectedRows::Line(const ImportRecord& record, const std::string& problem) const {
  using Json = nlohmann::ordered_json;
  if (format_ == TableFormat::kNdjson) {
    Json row = record.fields.empty() ? Json() : Json::parse(record.fields.front(), nullptr, false);
    if (!row.is_object()) row = Json{{"text", record.fields.empty() ? "" : record.fields.front()}};
    row[kProblem] = problem;
    return absl::StrCat(row.dump(-1, ' ', false, Json::error_handler_t::replace), "\n");
  }
  std::vector<std::string> fields = record.fields;
  const auto own = std::find(header_.begin(), header_.end(), kProblem);
  const auto column = static_cast<std::size_t>(own - header_.begin());
  fields.resize(std::max(fields.size(), own == header_.end() ? header_.size() + 1 : header_.size()));
  fields[std::min(column, fields.size() - 1)] = problem;
  return CsvLine(fields);
}

void RejectedRows::Add(const ImportRecord& record, const std::vector<RowFault>& faults) {
  const std::string problem = absl::StrJoin(
      faults, "; ", [](std::string* out, const RowFault& fault) { absl::StrAppend(out, FaultText(fault)); });
  waiting_[record.number] = Line(record, problem);
  ++count_;
  for (const RowFault& fault : faults) {
    const std::string reason = ReasonText(fault);
    if (reasons_.size() < kMaxReasons || reasons_.contains(reason)) ++reasons_[reason];
  }
}

void RejectedRows::Settle(std::int64_t number) {
  const auto end = waiting_.lower_bound(number);
  if (end == waiting_.begin()) return;
  if (!file_.is_open()) {
    file_.open(path_, std::ios::binary | std::ios::trunc);
    std::vector<std::string> titles = header_;
    if (std::find(titles.begin(), titles.end(), kProblem) == titles.end()) titles.emplace_back(kProblem);
    if (format_ == TableFormat::kCsv) file_ << CsvLine(titles);
  }
  for (auto row = waiting_.begin(); row != end; ++row) file_ << row->second;
  waiting_.erase(waiting_.begin(), end);
}

absl::Status RejectedRows::Close() {
  Settle(std::numeric_limits<std::int64_t>::max());
  if (count_ == 0) return absl::OkStatus();
  file_.close();
  if (file_) return absl::OkStatus();
  return UsageError(absl::StrCat("the rejected rows cannot be written to ", path_, ": ",
                                 std::generic_category().message(errno), "; say another file: --rejects"));
}

std::string RejectedRows::Reasons() const {
  std::vector<std::pair<std::string, std::int64_t>> sorted(reasons_.begin(), reasons_.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  sorted.resize(std::min(sorted.size(), kTold));
  return absl::StrJoin(sorted, "; ", [](std::string* out, const auto& reason) {
    absl::StrAppend(out, charts::CountText(reason.second), " × ", reason.first);
  });
}

}  // namespace canvass::cli
