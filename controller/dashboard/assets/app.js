import { startApproval } from './approval.js';
import { startCopying } from './copy.js';
import { startEvents } from './events.js';
import { startFilter } from './filter.js';
import { startKeys } from './keys.js';
import { startSwitch } from './switch.js';
import { startTimes } from './times.js';

startSwitch();
startTimes();
startCopying();
startKeys();
const filter = startFilter();
const approval = startApproval();
startEvents({ filter, approval });
