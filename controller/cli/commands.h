#pragma once

#include "controller/cli/options.h"
#include "reconcilers/core/outcome.h"

namespace reconcile::cli {

/// The commands. Each prints its result and returns the exit code of design §6.
/// `again` is asked whenever the configuration may have changed.
int serve(const Invocation& invocation, const ParseAgain& again);
int once(const Invocation& invocation);
int plan(const Invocation& invocation);
int drift(const Invocation& invocation);
int heal(const Invocation& invocation);
int adopt(const Invocation& invocation);
int blame(const Invocation& invocation);
int status(const Invocation& invocation);
int history(const Invocation& invocation);
int snapshot(const Invocation& invocation);
int rollback(const Invocation& invocation);
int verify(const Invocation& invocation);
int approve(const Invocation& invocation);
int restore(const Invocation& invocation);
int purge(const Invocation& invocation);
int suspend(const Invocation& invocation);
int resume(const Invocation& invocation);

/// The code of an outcome, and of several: failed before held before pending.
int exit_code(const Outcome& outcome);
int most_urgent(int left, int right);

/// Says on stderr why a command could not do its work, where there is no report of a pass to say
/// it; returns its code.
int report_failure(const Error& error);

}  // namespace reconcile::cli
