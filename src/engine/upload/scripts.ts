import frame from '../../launchers/process/frame.sh';
import host from '../../launchers/process/host.sh';
import { compact } from '../../launchers/process/scripts';
import discard from './discard.sh';
import folder from './folder.sh';
import place from './place.sh';
import prepare from './prepare.sh';
import space from './space.sh';
import survey from './survey.sh';

const script = (text: string): string => compact(host, frame, folder, text);

export const prepareScript = script(prepare);
export const surveyScript = script(survey);
export const placeScript = script(place);
export const discardScript = script(discard);
export const spaceScript = script(space);
