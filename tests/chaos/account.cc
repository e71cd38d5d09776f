#include "tests/chaos/account.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

namespace canvass::chaos {
namespace {

using Counts = std::map<std::string, int64_t>;

// Every stored response of the survey.
absl::StatusOr<std::vector<v1::Response>> ReadAll(const testing::Workspace& workspace) {
  std::vector<v1::Response> all;
  v1::ListResponsesRequest list;
  list.set_parent(workspace.tenant);
  list.set_survey(workspace.survey);
  list.set_page_size(1000);
  do {
    const auto page = workspace.admin->Call(&client::Responses::ListResponses, list);
    if (!page.ok()) return page.status();
    all.insert(all.end(), page->responses().begin(), page->responses().end());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  return all;
}

std::string CommentOf(const v1::Response& response) {
  for (const v1::Answer& answer : response.answers()) {
    if (answer.question() == "comment") return answer.text();
  }
  return "";
}

std::string AnswersOf(const v1::Response& response) {
  std::string text;
  for (const v1::Answer& answer : response.answers()) absl::StrAppend(&text, answer.ShortDebugString(), "\n");
  return text;
}

// How often each score of `question` was given.
Counts Recount(absl::Span<const v1::Response> responses, absl::string_view question) {
  Counts counts;
  for (const v1::Response& response : responses) {
    for (const v1::Answer& answer : response.answers()) {
      if (answer.question() == question) ++counts[absl::StrCat(answer.score())];
    }
  }
  return counts;
}

absl::StatusOr<Counts> Cells(const testing::Workspace& workspace, v1::Metric metric, absl::string_view question) {
  v1::QueryMetricRequest query;
  query.set_survey(workspace.survey);
  query.set_metric(metric);
  query.set_question(std::string(question));
  const auto result = workspace.admin->Call(&client::Metrics::QueryMetric, query);
  if (!result.ok()) return result.status();
  Counts counts;
  for (const v1::MetricPoint& point : result->points()) {
    for (const v1::ValueCount& count : point.distribution()) counts[count.value()] += count.count();
  }
  return counts;
}

void CompareCells(const testing::Workspace& workspace, absl::Span<const v1::Response> stored,
                  std::vector<std::string>& faults) {
  for (const auto& [question, metric] :
       {std::pair("recommend", v1::METRIC_NPS), std::pair("overall", v1::METRIC_CSAT)}) {
    const absl::StatusOr<Counts> cells = Cells(workspace, metric, question);
    if (!cells.ok()) {
      faults.push_back(absl::StrCat("no metric of ", question, ": ", cells.status().ToString()));
    } else if (*cells != Recount(stored, question)) {
      faults.push_back(absl::StrCat("the metric cells of ", question, " differ from a recount of the responses"));
    }
  }
}

}  // namespace

void Account::Acknowledged(const v1::Response& sent, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  ++acknowledgements_;
  if (power_lost_) {
    unknown_.insert(CommentOf(sent));
  } else {
    acknowledged_[CommentOf(sent)] = {.name = name, .answers = AnswersOf(sent)};
  }
}

void Account::Failed(const v1::Response& sent) {
  absl::MutexLock lock(&mutex_);
  failed_.insert(CommentOf(sent));
}

void Account::Unknown(const v1::Response& sent) {
  absl::MutexLock lock(&mutex_);
  unknown_.insert(CommentOf(sent));
}

void Account::Fault(std::string what) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back(std::move(what));
}

void Account::LosePower() {
  absl::MutexLock lock(&mutex_);
  power_lost_ = true;
}

int64_t Account::acknowledged() const {
  absl::MutexLock lock(&mutex_);
  return acknowledgements_;
}

int64_t Account::failed() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int64_t>(failed_.size());
}

std::vector<std::string> Account::Audit(const testing::Workspace& workspace) const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> faults = faults_;
  const absl::StatusOr<std::vector<v1::Response>> stored = ReadAll(workspace);
  if (!stored.ok()) return {absl::StrCat("cannot read: ", stored.status().ToString())};
  std::map<std::string, int> times;
  for (const v1::Response& response : *stored) {
    const std::string comment = CommentOf(response);
    if (++times[comment] > 1) faults.push_back(absl::StrCat(comment, " is stored twice"));
    if (failed_.contains(comment)) faults.push_back(absl::StrCat(comment, " was refused and is stored"));
    const auto known = acknowledged_.find(comment);
    if (known == acknowledged_.end()) {
      if (!unknown_.contains(comment) && !failed_.contains(comment)) {
        faults.push_back(absl::StrCat(comment, " is stored but was never acknowledged, nor left open"));
      }
      continue;
    }
    if (known->second.name != response.name()) {
      faults.push_back(absl::StrCat(comment, " was acknowledged as ", known->second.name, " and is ", response.name()));
    }
    if (known->second.answers != AnswersOf(response)) {
      faults.push_back(absl::StrCat(comment, " has other answers: ", AnswersOf(response)));
    }
  }
  for (const auto& [comment, acknowledgement] : acknowledged_) {
    if (times[comment] == 0) faults.push_back(absl::StrCat(comment, " was acknowledged and is lost"));
  }
  CompareCells(workspace, *stored, faults);
  return faults;
}

}  // namespace canvass::chaos
