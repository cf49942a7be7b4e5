import { withTexts } from '../withTexts';
import BadCall from './BadCall';

/** The tap 'bad call' with its texts. */
export default withTexts('visits/mark', BadCall);
