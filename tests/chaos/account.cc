#include "tests/chaos/account.h"

#include "absl/strings/str_cat.h"

namespace canvass::chaos {
namespace {

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

// The tests put what identifies a submission into its comment.
std::string ContentOf(const v1::Response& response) {
  for (const v1::Answer& answer : response.answers()) {
    if (answer.question() == "comment") return answer.text();
  }
  return "";
}

// How often each NPS score was given.
std::map<std::string, int64_t> Recount(const std::vector<v1::Response>& responses) {
  std::map<std::string, int64_t> counts;
  for (const v1::Response& response : responses) {
    for (const v1::Answer& answer : response.answers()) {
      if (answer.question() == "recommend") ++counts[absl::StrCat(answer.score())];
    }
  }
  return counts;
}

absl::StatusOr<std::map<std::string, int64_t>> Cells(const testing::Workspace& workspace) {
  v1::QueryMetricRequest query;
  query.set_survey(workspace.survey);
  query.set_metric(v1::METRIC_NPS);
  query.set_question("recommend");
  const auto metric = workspace.admin->Call(&client::Metrics::QueryMetric, query);
  if (!metric.ok()) return metric.status();
  std::map<std::string, int64_t> counts;
  for (const v1::ValueCount& count : metric->points(0).distribution()) counts[count.value()] = count.count();
  return counts;
}

}  // namespace

void Account::Acknowledged(const std::string& content, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  acknowledged_[content] = name;
}

void Account::Unknown(const std::string& content) {
  absl::MutexLock lock(&mutex_);
  unknown_.insert(content);
}

int64_t Account::acknowledged() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int64_t>(acknowledged_.size());
}

std::vector<std::string> Account::Audit(const testing::Workspace& workspace) const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> faults;
  const absl::StatusOr<std::vector<v1::Response>> stored = ReadAll(workspace);
  if (!stored.ok()) return {absl::StrCat("cannot read: ", stored.status().ToString())};
  std::map<std::string, int> times;
  for (const v1::Response& response : *stored) {
    const std::string content = ContentOf(response);
    if (++times[content] > 1) faults.push_back(absl::StrCat(content, " is stored twice"));
    const auto known = acknowledged_.find(content);
    if (known == acknowledged_.end() && !unknown_.contains(content)) {
      faults.push_back(absl::StrCat(content, " is stored but was never acknowledged, nor left open"));
    }
    if (known != acknowledged_.end() && known->second != response.name()) {
      faults.push_back(absl::StrCat(content, " was acknowledged as ", known->second, " and is ", response.name()));
    }
  }
  for (const auto& [content, name] : acknowledged_) {
    if (times[content] == 0) faults.push_back(absl::StrCat(content, " was acknowledged and is lost"));
  }
  const absl::StatusOr<std::map<std::string, int64_t>> cells = Cells(workspace);
  if (!cells.ok()) {
    faults.push_back(absl::StrCat("no metric: ", cells.status().ToString()));
  } else if (*cells != Recount(*stored)) {
    faults.push_back("the metric cells differ from a recount of the responses");
  }
  return faults;
}

}  // namespace canvass::chaos
