#include "tests/bench/sending_bench.h"

#include <httplib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "canvass/v1/event_service.pb.h"
#include "canvass/v1/settings_service.pb.h"
#include "canvass/v1/trigger_service.pb.h"
#include "client/cpp/client.h"
#include "server/base/status_macros.h"

namespace canvass::bench {
namespace {

constexpr char kType[] = "bench.due";
// Long enough to publish all events before the first invitation is due.
constexpr absl::Duration kDelay = absl::Seconds(5);
constexpr absl::Duration kBar = absl::Seconds(2);
constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr int kEventsPerCall = 500;

// The receiver: how long after its time each invitation arrived.
class Receiver {
 public:
  Receiver() {
    server_.Post("/", [this](const httplib::Request& request, httplib::Response&) { Take(request.body); });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~Receiver() {
    server_.stop();
    thread_.join();
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/"); }

  // Sorted, once there are `count` of them or patience has ended.
  std::vector<absl::Duration> Await(std::size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto all = [this, count]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return late_.size() >= count; };
    mutex_.AwaitWithTimeout(absl::Condition(&all), kPatience);
    std::sort(late_.begin(), late_.end());
    return late_;
  }

 private:
  void Take(const std::string& body) {
    const absl::Time now = absl::Now();
    const auto message = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
    const auto due = message.value(nlohmann::json::json_pointer("/data/facts/event/due_millis"), 0.0);
    absl::MutexLock lock(&mutex_);
    late_.push_back(now - absl::FromUnixMillis(static_cast<int64_t>(due)));
  }

  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  absl::Mutex mutex_;
  std::vector<absl::Duration> late_ ABSL_GUARDED_BY(mutex_);
};

absl::Status MakeRules(const testing::Workspace& workspace, const std::string& url) {
  v1::UpdateChannelSettingsRequest settings;
  settings.mutable_channel_settings()->set_name(absl::StrCat(workspace.tenant, "/channelSettings"));
  settings.mutable_channel_settings()->mutable_webhook()->set_url(url);
  CANVASS_RETURN_IF_ERROR(workspace.admin->Call(&client::Settings::UpdateChannelSettings, settings).status());
  v1::CreateTriggerRequest request;
  request.set_parent(workspace.tenant);
  request.set_trigger_id("bench-due");
  request.mutable_trigger()->set_event_type(kType);
  request.mutable_trigger()->set_survey(workspace.survey);
  request.mutable_trigger()->mutable_delay()->set_seconds(absl::ToInt64Seconds(kDelay));
  request.mutable_trigger()->add_channels(v1::Invitation::CHANNEL_WEBHOOK);
  return workspace.admin->Call(&client::Triggers::CreateTrigger, request).status();
}

// The nth event, whose invitation is due n intervals behind that of the first.
v1::Event MakeEvent(int n, absl::Time first, absl::Duration interval) {
  const absl::Time time = first + n * interval;
  v1::Event event;
  event.set_source("/bench");
  event.set_id(absl::StrCat("due-", n));
  event.set_type(kType);
  event.set_subject(absl::StrCat("due-", n));
  event.mutable_time()->set_seconds(absl::ToUnixMillis(time) / 1000);
  event.mutable_time()->set_nanos(static_cast<int32_t>(absl::ToUnixMillis(time) % 1000 * 1'000'000));
  (*event.mutable_data()->mutable_fields())["due_millis"].set_number_value(
      static_cast<double>(absl::ToUnixMillis(time + kDelay)));
  return event;
}

absl::Status Publish(const testing::Workspace& workspace, int count, absl::Duration interval) {
  const absl::Time first = absl::Now();
  for (int n = 0; n < count;) {
    v1::PublishEventsRequest request;
    request.set_parent(workspace.tenant);
    for (; n < count && request.events_size() < kEventsPerCall; ++n) {
      *request.add_events() = MakeEvent(n, first, interval);
    }
    const auto published = workspace.admin->Call(&client::Events::PublishEvents, request);
    if (!published.ok()) return published.status();
    for (const v1::EventResult& result : published->results()) {
      if (result.invitations() != 1) return absl::InternalError(result.ShortDebugString());
    }
  }
  if (absl::Now() > first + kDelay) return absl::InternalError("publishing took longer than the delay");
  return absl::OkStatus();
}

}  // namespace

absl::Status MeasureSending(const SendingLoad& load, const testing::Workspace& workspace, Report& report) {
  Receiver receiver;
  CANVASS_RETURN_IF_ERROR(MakeRules(workspace, receiver.url()));
  const int count = static_cast<int>(absl::ToInt64Seconds(load.duration)) * load.due_per_second;
  absl::PrintF("webhooks, %d invitations due a second, %d in all\n", load.due_per_second, count);
  CANVASS_RETURN_IF_ERROR(Publish(workspace, count, absl::Seconds(1) / load.due_per_second));
  const std::vector<absl::Duration> late = receiver.Await(static_cast<std::size_t>(count));
  if (late.empty()) return absl::InternalError("nothing arrived");
  const auto punctual = std::count_if(late.begin(), late.end(), [](absl::Duration one) { return one <= kBar; });
  absl::PrintF("  %d arrived, p50 %.2f s, p99 %.2f s, the latest %.2f s after its time\n", late.size(),
               absl::ToDoubleSeconds(late[late.size() / 2]), absl::ToDoubleSeconds(late[late.size() * 99 / 100]),
               absl::ToDoubleSeconds(late.back()));
  report.Add({.name = "due_invitations_within_2_s", .value = static_cast<double>(punctual) / count, .bar = 1});
  report.Add({.name = "due_invitations_latest_s", .value = absl::ToDoubleSeconds(late.back())});
  return absl::OkStatus();
}

}  // namespace canvass::bench
