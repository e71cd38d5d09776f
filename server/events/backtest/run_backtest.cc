#include "server/events/backtest/run_backtest.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "canvass/stored/v1/event_verdicts.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/events/backtest/customers.h"
#include "server/events/backtest/event_chunks.h"
#include "server/events/backtest/other_asks.h"
#include "server/events/backtest/replay.h"
#include "server/events/backtest/tally.h"
#include "server/triggers/rules/facts.h"

namespace canvass::events {
namespace {

using google::protobuf::Arena;
using google::protobuf::Struct;

constexpr std::size_t kCandidate = 0;
constexpr std::size_t kInForce = 1;

// Longer than what can lie between an event and its invitation: a delay and quiet days.
constexpr absl::Duration kLongestDelay = absl::Hours(24 * 100);

// What an unsaved trigger is called that was given no name: nothing saved can have it.
constexpr char kUnsaved[] = "-";

// Reading all of a tenant's events, whose order is that of the table, is worth it for one in so many of them.
constexpr int64_t kWorthReadingAll = 4;
constexpr std::size_t kDecidedAtOnce = 4000;

// One event on its way through both rules.
struct Judging {
  EventPlace place;
  absl::Time receive_time;
  ContactId customer;
  bool has_verdicts = false;
  // Of the chunk that it came in; null once that is gone.
  v1::Event* event = nullptr;
  Struct* facts = nullptr;
  // By rule; none where the event is not of its type.
  std::array<std::optional<v1::Decision::Reason>, Customers::kMaxRules> screened;
};

absl::Status Unreadable(const mysql::Row& row) {
  return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL,
               absl::StrCat("event ", row.Uuid(EventChunks::kKey).ToString(), " cannot be read"));
}

// As triggers::FactsOf, but the event's data is moved. `facts` holds the customer's.
void AddEvent(v1::Event& event, Struct& facts) {
  Struct& about_event = *(*facts.mutable_fields())["event"].mutable_struct_value();
  about_event.Swap(event.mutable_data());
  (*about_event.mutable_fields())["type"].set_string_value(event.type());
  (*about_event.mutable_fields())["id"].set_string_value(event.id());
}

class Backtest {
 public:
  Backtest(const BacktestSources& sources, const TenantScope& scope, const stored::v1::Backtest& request,
           operations::OperationRun& run)
      : sources_(sources),
        scope_(scope),
        request_(request),
        run_(run),
        customers_(sources.plan.database, sources.contacts, sources.suppressions, scope) {}

  absl::StatusOr<v1::BacktestResult> Run() {
    CANVASS_RETURN_IF_ERROR(Prepare());
    EventSpan span = Span();
    CANVASS_ASSIGN_OR_RETURN(const int64_t total, CountEvents(sources_.plan.database, scope_, span.start, span.end));
    CANVASS_ASSIGN_OR_RETURN(order_, OrderFor(total));
    span.order = order_;
    EventChunks chunks(sources_.plan.database, scope_, std::move(span));
    int64_t done = 0;
    while (true) {
      run_.Report(done, total);
      if (run_.stopped()) return absl::CancelledError("the backtest was given up");
      CANVASS_ASSIGN_OR_RETURN(const mysql::Rows rows, chunks.Next());
      if (rows.empty()) break;
      CANVASS_RETURN_IF_ERROR(TakeChunk(rows));
      done += static_cast<int64_t>(rows.size());
    }
    CANVASS_RETURN_IF_ERROR(DecideWaiting());
    run_.Report(done, std::max(done, total));
    return Result();
  }

 private:
  absl::Status Prepare() {
    CANVASS_ASSIGN_OR_RETURN(triggers_, sources_.plan.triggers.Get(scope_));
    CANVASS_ASSIGN_OR_RETURN(segments_, sources_.plan.segments.Get(scope_));
    CANVASS_ASSIGN_OR_RETURN(settings_, sources_.plan.settings.Get(scope_));
    std::vector<triggers::ActiveTrigger> rules;
    rules.push_back(Unpacked(request_.candidate()));
    if (request_.has_in_force()) rules.push_back(Unpacked(request_.in_force()));
    CANVASS_RETURN_IF_ERROR(ReadOthers(rules));
    for (triggers::ActiveTrigger& rule : rules) CANVASS_RETURN_IF_ERROR(AddReplay(std::move(rule)));
    return absl::OkStatus();
  }

  static triggers::ActiveTrigger Unpacked(v1::Trigger trigger) {
    if (trigger.name().empty()) trigger.set_name(kUnsaved);
    return triggers::Unpack(std::move(trigger), 0);
  }

  // Those that caps, history or limits may count.
  absl::Status ReadOthers(const std::vector<triggers::ActiveTrigger>& rules) {
    const absl::Time start = FromProto(request_.start_time());
    OtherAsksFilter filter{
        .except = {}, .start = absl::InfiniteFuture(), .end = FromProto(request_.end_time()) + kLongestDelay};
    if (settings_->policy.daily_limit() > 0) {
      filter.start = start - absl::Hours(24);
      filter.days = scope_.time_zone();
    }
    for (const triggers::ActiveTrigger& rule : rules) {
      filter.except.insert(rule.id);
      if (triggers::LooksAtHistory(rule)) filter.start = absl::UnixEpoch();
      for (const auto& caps : {rule.trigger.frequency_caps(), settings_->policy.frequency_caps()}) {
        for (const v1::FrequencyCap& cap : caps)
          filter.start = std::min(filter.start, start - FromProto(cap.interval()));
      }
    }
    if (filter.start == absl::InfiniteFuture()) return absl::OkStatus();
    CANVASS_ASSIGN_OR_RETURN(others_, ReadOtherAsks(sources_.plan, scope_, filter));
    return absl::OkStatus();
  }

  absl::Status AddReplay(triggers::ActiveTrigger rule) {
    CANVASS_ASSIGN_OR_RETURN(triggers::AskedSurvey survey, triggers::LookUpSurvey(sources_.plan, scope_, rule.survey));
    // When it closes was set for the future, not for the events of the past.
    survey.status.close_time = absl::InfiniteFuture();
    const auto segment = segments_->find(rule.trigger.segment());
    const ReplaySetting setting{.tenant = &scope_.tenant(),
                                .time_zone = scope_.time_zone(),
                                .settings = settings_.get(),
                                .triggers = triggers_.get()};
    replays_.push_back(std::make_unique<Replay>(setting, std::move(rule), std::move(survey),
                                                segment == segments_->end() ? nullptr : &segment->second, others_));
    rules_.push_back(replays_.back().get());
    tallies_.emplace_back(scope_.time_zone());
    looks_at_contact_ |= rules_.back()->looks_at_contact();
    return absl::OkStatus();
  }

  EventSpan Span() const {
    EventSpan span{.start = FromProto(request_.start_time()),
                   .end = FromProto(request_.end_time()),
                   .types = {},
                   .wants_verdicts = looks_at_contact_};
    for (const Replay* replay : rules_) span.types.push_back(replay->trigger().trigger.event_type());
    return span;
  }

  // Time, where what a rule asked before is among its facts, or few events of many are wanted.
  absl::StatusOr<EventOrder> OrderFor(int64_t events) {
    const bool in_time =
        std::any_of(rules_.begin(), rules_.end(), [](Replay* rule) { return rule->looks_at_history(); });
    if (in_time) return EventOrder::kTime;
    CANVASS_ASSIGN_OR_RETURN(const int64_t all,
                             CountEvents(sources_.plan.database, scope_, absl::InfinitePast(), absl::InfiniteFuture()));
    return all / kWorthReadingAll > events ? EventOrder::kTime : EventOrder::kKey;
  }

  absl::Status TakeChunk(const mysql::Rows& rows) {
    Arena arena;
    CANVASS_ASSIGN_OR_RETURN(std::vector<Judging> events, Parse(rows, arena));
    for (Judging& event : events) {
      Screen(event);
      if (!MayAsk(event)) {
        Decide(event);
        continue;
      }
      Judging& waiting = waiting_.emplace_back(std::move(event));
      // It waits longer than its chunk is there.
      if (order_ == EventOrder::kKey) {
        waiting.event = nullptr;
        waiting.facts = nullptr;
      }
    }
    return order_ == EventOrder::kTime ? DecideWaiting() : absl::OkStatus();
  }

  // What may ask counts in the order of time.
  absl::Status DecideWaiting() {
    std::sort(waiting_.begin(), waiting_.end(), [](const Judging& a, const Judging& b) { return a.place < b.place; });
    for (std::size_t i = 0; i < waiting_.size(); i += kDecidedAtOnce) {
      if (run_.stopped()) return absl::CancelledError("the backtest was given up");
      const absl::Span<Judging> some = absl::MakeSpan(waiting_).subspan(i, kDecidedAtOnce);
      CANVASS_RETURN_IF_ERROR(MeetCustomers(some));
      for (Judging& event : some) Decide(event);
    }
    waiting_.clear();
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Judging>> Parse(const mysql::Rows& rows, Arena& arena) {
    std::vector<Judging> events;
    absl::flat_hash_set<ContactId> without_facts;
    for (const mysql::Row& row : rows) {
      if (row.IsNull(EventChunks::kPayload)) continue;
      Judging& one = events.emplace_back();
      one.place = {.time = row.Time(EventChunks::kTime), .key = row.Uuid(EventChunks::kKey)};
      one.receive_time = row.Time(EventChunks::kReceiveTime);
      one.customer = ContactId(row.String(EventChunks::kContact));
      one.has_verdicts = !row.IsNull(EventChunks::kVerdicts);
      one.event = Arena::CreateMessage<v1::Event>(&arena);
      one.facts = Arena::CreateMessage<Struct>(&arena);
      if (!one.event->ParseFromString(row.String(EventChunks::kPayload))) return Unreadable(row);
      if (!looks_at_contact_) continue;
      if (!one.has_verdicts) {
        without_facts.insert(one.customer);
        continue;
      }
      auto* verdicts = Arena::CreateMessage<stored::v1::EventVerdicts>(&arena);
      if (!verdicts->ParseFromString(row.String(EventChunks::kVerdicts))) return Unreadable(row);
      one.facts = verdicts->mutable_facts();
    }
    if (!without_facts.empty()) CANVASS_RETURN_IF_ERROR(AddFactsOfNow(without_facts, events));
    for (Judging& one : events) AddEvent(*one.event, *one.facts);
    return events;
  }

  absl::Status AddFactsOfNow(const absl::flat_hash_set<ContactId>& ids, std::vector<Judging>& events) {
    CANVASS_ASSIGN_OR_RETURN(const auto contacts, customers_.LookUp(ids));
    for (Judging& one : events) {
      if (one.has_verdicts) continue;
      const auto contact = contacts.find(one.customer);
      *one.facts = triggers::CustomerFacts(contact == contacts.end() ? nullptr : &contact->second, nullptr);
    }
    return absl::OkStatus();
  }

  PastEvent PastEventOf(const Judging& one) const {
    return {.key = one.place.key,
            .customer = &one.customer,
            .time = one.place.time,
            .receive_time = one.receive_time,
            .event = one.event,
            .facts = one.facts};
  }

  // What needs no history; who has one is screened when it is known.
  void Screen(Judging& one) const {
    static const CustomerState* const kNobody = new CustomerState;
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      const Replay& replay = *rules_[rule];
      if (replay.trigger().trigger.event_type() != one.event->type()) continue;
      one.screened[rule] =
          replay.looks_at_history() ? v1::Decision::REASON_QUALIFIED : replay.Screen(PastEventOf(one), *kNobody);
    }
  }

  static bool MayAsk(const Judging& one) {
    return std::any_of(one.screened.begin(), one.screened.end(),
                       [](const auto& reason) { return reason == v1::Decision::REASON_QUALIFIED; });
  }

  absl::Status MeetCustomers(absl::Span<const Judging> events) {
    absl::flat_hash_set<ContactId> ids;
    for (const Judging& one : events) ids.insert(one.customer);
    return customers_.Meet(ids, rules_);
  }

  void Decide(Judging& one) {
    std::array<bool, Customers::kMaxRules> asks = {};
    for (std::size_t rule = 0; rule < rules_.size(); ++rule) {
      if (!one.screened[rule].has_value()) continue;
      const Replayed replayed = DecideBy(rule, one);
      asks[rule] = replayed.Asks();
      tallies_[rule].Add(one.place.time, replayed);
    }
    if (rules_.size() < Customers::kMaxRules) return;
    if (asks[kCandidate] && !asks[kInForce]) ++newly_asked_;
    if (asks[kInForce] && !asks[kCandidate]) ++no_longer_asked_;
  }

  Replayed DecideBy(std::size_t rule, Judging& one) {
    Replay& replay = *rules_[rule];
    v1::Decision::Reason reason = *one.screened[rule];
    if (reason == v1::Decision::REASON_QUALIFIED) {
      Customers::Customer& customer = customers_.Of(one.customer);
      PastEvent event = PastEventOf(one);
      event.zone = customer.zone;
      if (replay.looks_at_history()) reason = replay.Screen(event, customer.of_rule[rule]);
      if (reason == v1::Decision::REASON_QUALIFIED) return replay.Decide(event, customer.of_rule[rule]);
    }
    return {.outcome = v1::Decision::OUTCOME_SKIPPED, .reason = reason};
  }

  v1::BacktestResult Result() const {
    v1::BacktestResult result;
    *result.mutable_start_time() = request_.start_time();
    *result.mutable_end_time() = request_.end_time();
    result.set_time_zone(scope_.time_zone().name());
    result.mutable_candidate()->set_trigger(request_.candidate().name());
    FillIn(kCandidate, *result.mutable_candidate());
    if (!request_.has_in_force()) return result;
    result.mutable_in_force()->set_trigger(request_.in_force().name());
    FillIn(kInForce, *result.mutable_in_force());
    result.set_newly_asked(newly_asked_);
    result.set_no_longer_asked(no_longer_asked_);
    return result;
  }

  void FillIn(std::size_t rule, v1::BacktestedRule& result) const {
    tallies_[rule].WriteTo(result);
    result.set_customers(customers_.CountAsked(rule));
  }

  const BacktestSources& sources_;
  const TenantScope& scope_;
  const stored::v1::Backtest& request_;
  operations::OperationRun& run_;
  std::shared_ptr<const triggers::TenantTriggers> triggers_;
  std::shared_ptr<const contacts::TenantSegments> segments_;
  std::shared_ptr<const settings::TenantSettings> settings_;
  OtherAsks others_;
  // The candidate and, where there is one, what it is compared with; `rules_` points into them.
  std::vector<std::unique_ptr<Replay>> replays_;
  std::vector<Replay*> rules_;
  std::vector<Tally> tallies_;
  bool looks_at_contact_ = false;
  EventOrder order_ = EventOrder::kTime;
  // Events that a rule may ask about, until they can be decided in the order of time.
  std::vector<Judging> waiting_;
  Customers customers_;
  int64_t newly_asked_ = 0;
  int64_t no_longer_asked_ = 0;
};

}  // namespace

absl::StatusOr<v1::BacktestResult> RunBacktest(const BacktestSources& sources, const TenantScope& scope,
                                               const stored::v1::Backtest& request, operations::OperationRun& run) {
  return Backtest(sources, scope, request, run).Run();
}

}  // namespace canvass::events
