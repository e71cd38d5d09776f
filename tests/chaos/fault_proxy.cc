#include "tests/chaos/fault_proxy.h"

#include <cmath>
#include <utility>

#include "absl/strings/string_view.h"

namespace canvass::chaos {

FaultProxy::FaultProxy(std::string server, FaultProxyOptions options)
    : options_(options), random_(options.seed), proxy_(std::move(server), [this] { return MakeCarrier(); }) {}

void FaultProxy::SetCutting(bool cutting) {
  if ((phase_ % 2 == 1) != cutting) ++phase_;
}

FaultProxy::Cut FaultProxy::Draw() {
  absl::MutexLock lock(&mutex_);
  const Proxy::Way way = random_() % 2 == 0 ? Proxy::Way::kToServer : Proxy::Way::kToClient;
  const std::size_t most = way == Proxy::Way::kToServer ? options_.max_to_server : options_.max_to_client;
  std::uniform_real_distribution<double> magnitude(0, std::log(static_cast<double>(most)));
  return {.way = way, .bytes = static_cast<std::size_t>(std::exp(magnitude(random_)))};
}

FaultProxy::Proxy::Carrier FaultProxy::MakeCarrier() {
  return [this, phase = 0, cut = Cut()](Proxy::Wire& wire, Proxy::Way way, absl::string_view bytes) mutable {
    const int now = phase_;
    if (now % 2 == 0) return wire.Send(way, bytes);
    if (std::exchange(phase, now) != now) cut = Draw();
    if (way != cut.way) return wire.Send(way, bytes);
    if (bytes.size() < cut.bytes) {
      cut.bytes -= bytes.size();
      return wire.Send(way, bytes);
    }
    ++cuts_;
    wire.Send(way, bytes.substr(0, cut.bytes));
    return false;
  };
}

}  // namespace canvass::chaos
