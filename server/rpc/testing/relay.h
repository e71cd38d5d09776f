// A wire between a client and a server on this machine that can break in the two ways in which wires do: with an end
// that both sides see, or without a word.
//
//   Relay relay(server.port());
//   auto stub = v1::EventService::NewStub(relay.channel());
//   relay.FallSilent();   // as if the client's machine had lost its network
//
// Carries one connection, the first one. Thread-safe.
#ifndef CANVASS_SERVER_RPC_TESTING_RELAY_H_
#define CANVASS_SERVER_RPC_TESTING_RELAY_H_

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <thread>

namespace canvass::rpc::testing {

class Relay {
 public:
  explicit Relay(int server_port);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::shared_ptr<grpc::Channel> channel() const;

  // Carries nothing more, and ends nothing.
  void FallSilent() { state_ = State::kSilent; }
  // Ends the connection on both sides.
  void Cut() { state_ = State::kCut; }

 private:
  enum class State { kCarrying, kSilent, kCut };

  void Serve(int server_port);
  void Carry(int client, int server);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<State> state_ = State::kCarrying;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace canvass::rpc::testing

#endif  // CANVASS_SERVER_RPC_TESTING_RELAY_H_
